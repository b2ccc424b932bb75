package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Batch normalization: y = γ·(x − μ)/√(σ² + ε) + β per unit. μ and σ² are the batch's own in
 * training, where σ² is the mean squared deviation (divided by n), and running averages in
 * evaluation, to which a batch adds its unbiased variance (divided by n − 1), as in PyTorch.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, algorithm 1 and section
 *     3</a>
 */
public final class BatchNorm extends Normalization {
  /** Weight of the past in the running mean and variance: PyTorch's momentum of 0.1. */
  public static final double DECAY = 0.9;

  private final float[] runningMean;
  private final float[] runningVariance;
  private final float[] mean;
  private final float[] variance;
  private final float[] scale;

  public BatchNorm(int units, int maxRows, Parameters parameters) {
    super(units, maxRows, parameters);
    runningMean = new float[units];
    runningVariance = new float[units];
    Arrays.fill(runningVariance, 1);
    mean = new float[units];
    variance = new float[units];
    scale = new float[units];
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    if (mode == Mode.EVALUATION) {
      normalize(x, rows, runningMean, runningVariance);
    } else {
      statistics(x, rows);
      if (mode == Mode.TRAINING) {
        average(runningMean, mean, 1);
        average(runningVariance, variance, rows / Math.max(1f, rows - 1f));
      }
      normalize(x, rows, mean, variance);
    }
    return output;
  }

  private void normalize(float[][] x, int rows, float[] means, float[] variances) {
    readScaleAndShift();
    for (int i = 0; i < units; i++) {
      scale[i] = 1 / (float) Math.sqrt(variances[i] + (float) EPSILON);
    }
    for (int r = 0; r < rows; r++) {
      Rows.standardize(normalized[r], x[r], means, scale, units);
      Rows.affine(output[r], normalized[r], gamma, beta, units);
    }
  }

  /** dx = γ/√(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)). */
  @Override
  public float[][] backward(float[][] gradient, int rows) {
    scaleAndShiftGradients(gradient, rows);
    Rows.multiply(gammaGradient, 1f / rows, units);
    Rows.multiply(betaGradient, 1f / rows, units);
    for (int i = 0; i < units; i++) {
      scale[i] *= gamma[i];
    }
    for (int r = 0; r < rows; r++) {
      inputGradient(gradient[r], normalized[r], betaGradient, gammaGradient, scale, units);
    }
    return gradient;
  }

  /** The batch's mean takes every shift away again. */
  @Override
  public boolean ignoresShift() {
    return true;
  }

  /** Mean over the units of how far the last batch's μ is from the running one, in running σ. */
  public double meanGap() {
    double gap = 0;
    for (int i = 0; i < units; i++) {
      gap += Math.abs(mean[i] - runningMean[i]) / Math.sqrt(runningVariance[i] + EPSILON);
    }
    return gap / units;
  }

  /** Mean over the units of how far the last batch's σ is from the running one, in running σ. */
  public double sdGap() {
    double gap = 0;
    for (int i = 0; i < units; i++) {
      double sd = Math.sqrt(runningVariance[i] + EPSILON);
      gap += Math.abs(Math.sqrt(variance[i] + EPSILON) / sd - 1);
    }
    return gap / units;
  }

  /** The running average itself, a unit each. */
  public float[] runningMean() {
    return runningMean;
  }

  /** The running average itself, a unit each. */
  public float[] runningVariance() {
    return runningVariance;
  }

  @Override
  public int savedBytes() {
    return 2 * units * Float.BYTES;
  }

  @Override
  public void save(ByteBuffer out) {
    Floats.put(out, runningMean, units);
    Floats.put(out, runningVariance, units);
  }

  @Override
  public void restore(ByteBuffer in) {
    Floats.take(in, runningMean, units);
    Floats.take(in, runningVariance, units);
  }

  private void statistics(float[][] x, int rows) {
    Arrays.fill(mean, 0);
    Arrays.fill(variance, 0);
    for (int r = 0; r < rows; r++) {
      Rows.add(mean, x[r], units);
    }
    Rows.multiply(mean, 1f / rows, units);
    for (int r = 0; r < rows; r++) {
      Rows.addSquaredDistance(variance, x[r], mean, units);
    }
    Rows.multiply(variance, 1f / rows, units);
  }

  private static void average(float[] running, float[] batch, float factor) {
    for (int i = 0; i < running.length; i++) {
      running[i] = (float) DECAY * running[i] + (1 - (float) DECAY) * factor * batch[i];
    }
  }

  private static void inputGradient(
      float[] gradient,
      float[] normalized,
      float[] meanGradient,
      float[] meanProduct,
      float[] scale,
      int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] = scale[i] * (gradient[i] - meanGradient[i] - normalized[i] * meanProduct[i]);
    }
  }
}
