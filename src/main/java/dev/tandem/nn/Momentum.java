package dev.tandem.nn;

/** Stochastic gradient descent with momentum, without dampening: v = μ·v + g, then θ −= α·v. */
public final class Momentum extends Optimizer {
  private final float learningRate;
  private final float momentum;

  public Momentum(double learningRate, double momentum, double weightDecay) {
    super(1, weightDecay);
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    accelerate(moments[0], gradients, momentum, count);
    Sgd.descend(values, moments[0], learningRate, count);
  }

  static void accelerate(float[] v, float[] gradients, float momentum, int count) {
    for (int i = 0; i < count; i++) {
      v[i] = momentum * v[i] + gradients[i] + FADED - FADED;
    }
  }
}
