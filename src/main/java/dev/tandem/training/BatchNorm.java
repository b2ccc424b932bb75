package dev.tandem.training;

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
  private final float[] normalized;

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
    normalized = new float[maxRows * units];
  }

  /** Normalizes in place by the batch's statistics, and moves the running ones. */
  void train(float[] x, int rows) {
    statistics(x, rows);
    average(runningMean, mean);
    average(runningVariance, variance);
    readScales(variance);
    for (int r = 0; r < rows; r++) {
      normalize(x, normalized, r * units, mean, scale, units);
      affine(normalized, x, r * units, gamma, beta, units);
    }
  }

  /** Normalizes in place by the running statistics. */
  void evaluate(float[] x, int rows) {
    readScales(runningVariance);
    for (int r = 0; r < rows; r++) {
      normalize(x, x, r * units, runningMean, scale, units);
      affine(x, x, r * units, gamma, beta, units);
    }
  }

  /**
   * Turns the gradient by y into that by x, in place, and sets those of γ and β: dx = γ/√(σ² + ε) ·
   * (dy − mean(dy) − x̂·mean(dy·x̂)).
   */
  void backward(float[] gradient, int rows) {
    Arrays.fill(gammaGradient, 0);
    Arrays.fill(betaGradient, 0);
    for (int r = 0; r < rows; r++) {
      Dense.addTo(betaGradient, gradient, r * units, units);
      addProduct(gammaGradient, gradient, normalized, r * units, units);
    }
    gammas.gradients().write(0, gammaGradient, 0, units);
    betas.gradients().write(0, betaGradient, 0, units);
    for (int i = 0; i < units; i++) {
      gammaGradient[i] /= rows;
      betaGradient[i] /= rows;
      scale[i] *= gamma[i];
    }
    for (int r = 0; r < rows; r++) {
      inputGradient(gradient, normalized, r * units, betaGradient, gammaGradient, scale, units);
    }
  }

  private void statistics(float[] x, int rows) {
    Arrays.fill(mean, 0);
    Arrays.fill(variance, 0);
    for (int r = 0; r < rows; r++) {
      Dense.addTo(mean, x, r * units, units);
    }
    for (int i = 0; i < units; i++) {
      mean[i] /= rows;
    }
    for (int r = 0; r < rows; r++) {
      addSquaredDeviation(variance, x, r * units, mean, units);
    }
    for (int i = 0; i < units; i++) {
      variance[i] /= rows;
    }
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

  private static void addSquaredDeviation(
      float[] sum, float[] x, int from, float[] mean, int count) {
    for (int i = 0; i < count; i++) {
      float deviation = x[from + i] - mean[i];
      sum[i] += deviation * deviation;
    }
  }

  private static void normalize(
      float[] x, float[] into, int from, float[] mean, float[] scale, int count) {
    for (int i = 0; i < count; i++) {
      into[from + i] = (x[from + i] - mean[i]) * scale[i];
    }
  }

  private static void affine(
      float[] x, float[] into, int from, float[] gamma, float[] beta, int count) {
    for (int i = 0; i < count; i++) {
      into[from + i] = gamma[i] * x[from + i] + beta[i];
    }
  }

  private static void addProduct(float[] sum, float[] a, float[] b, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += a[from + i] * b[from + i];
    }
  }

  private static void inputGradient(
      float[] gradient,
      float[] normalized,
      int from,
      float[] meanGradient,
      float[] meanProduct,
      float[] scale,
      int count) {
    for (int i = 0; i < count; i++) {
      gradient[from + i] =
          scale[i] * (gradient[from + i] - meanGradient[i] - normalized[from + i] * meanProduct[i]);
    }
  }
}
