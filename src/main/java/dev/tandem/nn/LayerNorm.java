package dev.tandem.nn;

/**
 * Layer normalization: y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² over the units of one example. It
 * is the same in training and evaluation, and takes batches of one.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton 2016, section 3</a>
 */
public final class LayerNorm extends Normalization {
  /** 1/√(σ² + ε) of each row. */
  private final float[] scale;

  public LayerNorm(int units, int maxRows, Parameters parameters) {
    super(units, maxRows, parameters);
    scale = new float[maxRows];
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    readScaleAndShift();
    for (int r = 0; r < rows; r++) {
      float mean = Rows.sum(x[r], units) / units;
      float variance = Rows.squaredDistance(x[r], mean, units) / units;
      scale[r] = 1 / (float) Math.sqrt(variance + (float) EPSILON);
      standardize(normalized[r], x[r], mean, scale[r], units);
      Rows.affine(output[r], normalized[r], gamma, beta, units);
    }
    return output;
  }

  /** With g = γ·dy: dx = (g − mean(g) − x̂·mean(g·x̂))/√(σ² + ε). */
  @Override
  public float[][] backward(float[][] gradient, int rows) {
    scaleAndShiftGradients(gradient, rows);
    for (int r = 0; r < rows; r++) {
      Rows.multiply(gradient[r], gamma, units);
      float mean = Rows.sum(gradient[r], units) / units;
      float product = Rows.dot(gradient[r], normalized[r], units) / units;
      inputGradient(gradient[r], normalized[r], mean, product, scale[r], units);
    }
    return gradient;
  }

  @Override
  public long heapBytesPerRow() {
    return super.heapBytesPerRow() + Float.BYTES;
  }

  private static void standardize(float[] into, float[] row, float mean, float scale, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = (row[i] - mean) * scale;
    }
  }

  private static void inputGradient(
      float[] gradient, float[] normalized, float mean, float product, float scale, int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] = scale * (gradient[i] - mean - normalized[i] * product);
    }
  }
}
