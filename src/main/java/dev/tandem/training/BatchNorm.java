package dev.tandem.training;

import dev.tandem.run.LayerSample.OfBatchNorm;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Batch normalization of one layer's weighted sums: y = γ·(x − μ)/√(σ² + ε) + β per unit. μ and σ²
 * are the batch's own in training and running averages in evaluation; σ² is the mean squared
 * deviation (divided by n), in the running average too, as in DeepLearning4J.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, algorithm 1 and section
 *     3</a>
 */
final class BatchNorm {
  private final int units;
  final Parameters.Slice gammas;
  final Parameters.Slice betas;
  final float[] runningMean;
  final float[] runningVariance;

  private final float[] gamma;
  private final float[] beta;
  private final float[] mean;
  private final float[] variance;
  private final float[] scale;
  private final float[] gammaGradient;
  private final float[] betaGradient;
  private final float[][] normalized;

  /**
   * @param maxRows the largest batch
   */
  BatchNorm(int units, int maxRows, Parameters parameters) {
    this.units = units;
    gammas = parameters.take(units);
    betas = parameters.take(units);
    runningMean = new float[units];
    runningVariance = new float[units];
    gamma = new float[units];
    beta = new float[units];
    mean = new float[units];
    variance = new float[units];
    scale = new float[units];
    gammaGradient = new float[units];
    betaGradient = new float[units];
    normalized = new float[maxRows][units];
  }

  /** Sets the initial state: γ = 1, β = 0, and as if all sums had been distributed so. */
  void begin() {
    Arrays.fill(gamma, 1);
    Arrays.fill(runningVariance, 1);
    gammas.set(gamma);
    betas.set(beta);
  }

  /** Normalizes in place by the batch's statistics, and moves the running ones. */
  void train(float[][] x, int rows) {
    statistics(x, rows);
    average(runningMean, mean);
    average(runningVariance, variance);
    readScales(variance);
    for (int r = 0; r < rows; r++) {
      Rows.standardize(normalized[r], x[r], mean, scale, units);
      Rows.affine(x[r], normalized[r], gamma, beta, units);
    }
  }

  /** How it stands after {@link #train}, with γ and β as that used them. */
  OfBatchNorm look() {
    double meanGap = 0;
    double sdGap = 0;
    for (int i = 0; i < units; i++) {
      double sd = Math.sqrt(runningVariance[i] + Networks.EPSILON);
      meanGap += Math.abs(mean[i] - runningMean[i]) / sd;
      sdGap += Math.abs(Math.sqrt(variance[i] + Networks.EPSILON) / sd - 1);
    }
    return LayerLens.ofBatchNorm(meanGap / units, sdGap / units, gamma, beta);
  }

  /** Normalizes in place by the batch's statistics, and moves nothing. */
  void evaluateByBatch(float[][] x, int rows) {
    statistics(x, rows);
    readScales(variance);
    for (int r = 0; r < rows; r++) {
      Rows.standardize(x[r], x[r], mean, scale, units);
      Rows.affine(x[r], x[r], gamma, beta, units);
    }
  }

  /** Normalizes in place by the running statistics. */
  void evaluate(float[][] x, int rows) {
    readScales(runningVariance);
    for (int r = 0; r < rows; r++) {
      Rows.standardize(x[r], x[r], runningMean, scale, units);
      Rows.affine(x[r], x[r], gamma, beta, units);
    }
  }

  /**
   * Turns the gradient by y into that by x, in place, and sets those of γ and β: dx = γ/√(σ² + ε) ·
   * (dy − mean(dy) − x̂·mean(dy·x̂)).
   */
  void backward(float[][] gradient, int rows) {
    Arrays.fill(gammaGradient, 0);
    Arrays.fill(betaGradient, 0);
    for (int r = 0; r < rows; r++) {
      Rows.add(betaGradient, gradient[r], units);
      Rows.addProduct(gammaGradient, gradient[r], normalized[r], units);
    }
    gammas.gradients().write(0, gammaGradient, 0, units);
    betas.gradients().write(0, betaGradient, 0, units);
    Rows.multiply(gammaGradient, 1f / rows, units);
    Rows.multiply(betaGradient, 1f / rows, units);
    for (int i = 0; i < units; i++) {
      scale[i] *= gamma[i];
    }
    for (int r = 0; r < rows; r++) {
      inputGradient(gradient[r], normalized[r], betaGradient, gammaGradient, scale, units);
    }
  }

  /** Bytes that {@link #save} writes: what is learnt but not trained. */
  int savedBytes() {
    return 2 * units * Float.BYTES;
  }

  void save(ByteBuffer out) {
    Parameters.put(out, runningMean, units);
    Parameters.put(out, runningVariance, units);
  }

  void restore(ByteBuffer in) {
    Parameters.take(in, runningMean, units);
    Parameters.take(in, runningVariance, units);
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

  private void readScales(float[] variances) {
    gammas.values().read(0, gamma, units);
    betas.values().read(0, beta, units);
    for (int i = 0; i < units; i++) {
      scale[i] = 1 / (float) Math.sqrt(variances[i] + (float) Networks.EPSILON);
    }
  }

  private static void average(float[] running, float[] batch) {
    for (int i = 0; i < running.length; i++) {
      running[i] = (float) Networks.DECAY * running[i] + (1 - (float) Networks.DECAY) * batch[i];
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
