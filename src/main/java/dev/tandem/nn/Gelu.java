package dev.tandem.nn;

/**
 * The Gaussian error linear unit: y = x·Φ(x), with the normal distribution's Φ itself and not its
 * approximation by tanh. Below 0 it is Φ(x) = φ(x)·M(−x) with the density φ and Mills' ratio M,
 * which a quotient of two polynomials gives within 2·10⁻⁹; so small values are right too.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
 */
public final class Gelu extends Activation {
  /** 1/√(2π). */
  private static final float DENSITY_AT_0 = 0.398942280f;

  /** Here the density's exponential ends. */
  private static final float END = 9.27f;

  private final Exponential exponential;

  /** φ(x), of one row. */
  private final float[] density;

  /** Φ(x), of one row. */
  private final float[] distribution;

  /** dy/dx, rows × units. */
  private final float[][] slopes;

  public Gelu(int units, int maxRows, Parameters parameters) {
    super(units, maxRows);
    exponential = new Exponential(units);
    density = new float[units];
    distribution = new float[units];
    slopes = new float[maxRows][units];
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    for (int r = 0; r < rows; r++) {
      exponent(density, x[r], units);
      exponential.apply(density, units);
      Rows.multiply(density, DENSITY_AT_0, units);
      below(distribution, x[r], density, units);
      mirror(distribution, x[r], units);
      Rows.product(output[r], x[r], distribution, units);
      if (mode == Mode.TRAINING) {
        slope(slopes[r], x[r], distribution, density, units);
      }
    }
    return output;
  }

  @Override
  public float[][] backward(float[][] gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      Rows.multiply(gradient[r], slopes[r], units);
    }
    return gradient;
  }

  @Override
  public long heapBytesPerRow() {
    return 2 * Rows.bytes(units);
  }

  private static void exponent(float[] into, float[] x, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = -0.5f * x[i] * x[i];
    }
  }

  /** Φ(−|x|) = φ(x)·M(|x|). */
  private static void below(float[] into, float[] x, float[] density, int count) {
    for (int i = 0; i < count; i++) {
      float a = Math.min(Math.abs(x[i]), END);
      float p = 0.433132944f + a * (0.093142815f + a * 0.00905178504f);
      float q = 0.441935067f + a * (0.0931556695f + a * 0.0090514888f);
      p = 1.25331414f + a * (1.0627099f + a * p);
      q = 1 + a * (1.64580454f + a * (1.1587501f + a * q));
      into[i] = density[i] * p / q;
    }
  }

  /** Φ(x) from Φ(−|x|). */
  private static void mirror(float[] below, float[] x, int count) {
    for (int i = 0; i < count; i++) {
      below[i] = below[i] + Rows.positive(x[i]) * (1 - 2 * below[i]);
    }
  }

  /** Φ(x) + x·φ(x). */
  private static void slope(
      float[] into, float[] x, float[] distribution, float[] density, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = distribution[i] + x[i] * density[i];
    }
  }
}
