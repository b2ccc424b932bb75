package dev.tandem.nn;

/** The logistic function 1/(1 + e^−x), at most 3·10⁻⁷ of it wrong. */
public final class Sigmoid extends Activation {
  private final Exponential exponential;

  public Sigmoid(int units, int maxRows, Parameters parameters) {
    super(units, maxRows);
    exponential = new Exponential(units);
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    for (int r = 0; r < rows; r++) {
      Rows.negativeMagnitude(output[r], x[r], units);
      exponential.apply(output[r], units);
      sigmoid(output[r], x[r], units);
    }
    return output;
  }

  /** dx = dy·y·(1 − y). */
  @Override
  public float[][] backward(float[][] gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      slope(gradient[r], output[r], units);
    }
    return gradient;
  }

  /**
   * @param exponentials of −|x|; receives the sigmoid of x
   */
  private static void sigmoid(float[] exponentials, float[] x, int count) {
    for (int i = 0; i < count; i++) {
      float below = exponentials[i] / (1 + exponentials[i]);
      exponentials[i] = below + Rows.positive(x[i]) * (1 - 2 * below);
    }
  }

  private static void slope(float[] gradient, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] *= y[i] * (1 - y[i]);
    }
  }
}
