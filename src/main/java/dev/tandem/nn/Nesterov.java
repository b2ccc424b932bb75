package dev.tandem.nn;

/**
 * Nesterov's momentum: v = μ·v + g as in {@link Momentum}, then θ −= α·(g + μ·v).
 *
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever et al. 2013, section
 *     2</a>
 */
public final class Nesterov extends Optimizer {
  private final float learningRate;
  private final float momentum;

  public Nesterov(double learningRate, double momentum, double weightDecay) {
    super(1, weightDecay);
    this.learningRate = (float) learningRate;
    this.momentum = (float) momentum;
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    Momentum.accelerate(moments[0], gradients, momentum, count);
    descend(values, gradients, moments[0], learningRate, momentum, count);
  }

  private static void descend(
      float[] values, float[] gradients, float[] v, float learningRate, float momentum, int count) {
    for (int i = 0; i < count; i++) {
      values[i] -= learningRate * (gradients[i] + momentum * v[i]);
    }
  }
}
