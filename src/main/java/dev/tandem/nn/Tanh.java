package dev.tandem.nn;

/** The hyperbolic tangent, at most 3·10⁻⁷ of it wrong, as a quotient of two polynomials. */
public final class Tanh extends Activation {
  /** From here on it is 1 in float32. */
  private static final float ONE = 9.01f;

  public Tanh(int units, int maxRows, Parameters parameters) {
    super(units, maxRows);
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    for (int r = 0; r < rows; r++) {
      tanh(output[r], x[r], units);
    }
    return output;
  }

  /** dx = dy·(1 − y²). */
  @Override
  public float[][] backward(float[][] gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      slope(gradient[r], output[r], units);
    }
    return gradient;
  }

  /** The best such quotient within ±9.01: 2·10⁻⁸ off before rounding. */
  private static void tanh(float[] into, float[] row, int count) {
    for (int i = 0; i < count; i++) {
      float x = Math.min(Math.max(row[i], -ONE), ONE);
      float s = x * x;
      float p = 0.00349484303f + s * (2.05967333e-05f + s * 1.33373636e-08f);
      float q = 0.0258741528f + s * (0.000328441261f + s * 7.76951938e-07f);
      into[i] = x * (0.999999979f + s * (0.133804f + s * p)) / (1 + s * (0.467137154f + s * q));
    }
  }

  private static void slope(float[] gradient, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] *= Math.max(1 - y[i] * y[i], 0);
    }
  }
}
