package dev.tandem.nn;

/** Stochastic gradient descent: θ −= α·g. */
public final class Sgd extends Optimizer {
  private final float learningRate;

  public Sgd(double learningRate, double weightDecay) {
    super(0, weightDecay);
    this.learningRate = (float) learningRate;
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    descend(values, gradients, learningRate, count);
  }

  static void descend(float[] values, float[] direction, float learningRate, int count) {
    for (int i = 0; i < count; i++) {
      values[i] -= learningRate * direction[i];
    }
  }
}
