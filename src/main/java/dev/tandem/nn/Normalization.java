package dev.tandem.nn;

/** A layer that normalizes, and then gives each unit a scale γ and a shift β that it learns. */
public abstract class Normalization implements Layer {
  /** Added to variances, as in PyTorch. */
  public static final double EPSILON = 1e-5;

  final int units;
  private final Parameters.Slice gammas;
  private final Parameters.Slice betas;
  final float[] gamma;
  final float[] beta;
  final float[] gammaGradient;
  final float[] betaGradient;

  /** What came in, normalized; rows × units. */
  final float[][] normalized;

  final float[][] output;

  Normalization(int units, int maxRows, Parameters parameters) {
    this.units = units;
    gammas = parameters.take(units, 1);
    betas = parameters.take(units, 0);
    gamma = new float[units];
    beta = new float[units];
    gammaGradient = new float[units];
    betaGradient = new float[units];
    normalized = new float[maxRows][units];
    output = new float[maxRows][units];
  }

  @Override
  public long heapBytesPerRow() {
    return 2 * Rows.bytes(units);
  }

  /** Where γ lies among the network's parameters. */
  public final Parameters.Slice gammas() {
    return gammas;
  }

  /** Where β lies among the network's parameters. */
  public final Parameters.Slice betas() {
    return betas;
  }

  /** γ as the last batch used it; not to be written to. */
  public final float[] gamma() {
    return gamma;
  }

  /** β as the last batch used it; not to be written to. */
  public final float[] beta() {
    return beta;
  }

  final void readScaleAndShift() {
    gammas.read(gamma);
    betas.read(beta);
  }

  /** Sums of the gradient, and of its product with what was normalized, over the batch. */
  final void scaleAndShiftGradients(float[][] gradient, int rows) {
    java.util.Arrays.fill(gammaGradient, 0);
    java.util.Arrays.fill(betaGradient, 0);
    for (int r = 0; r < rows; r++) {
      Rows.add(betaGradient, gradient[r], units);
      Rows.addProduct(gammaGradient, gradient[r], normalized[r], units);
    }
    gammas.writeGradients(gammaGradient);
    betas.writeGradients(betaGradient);
  }
}
