package dev.tandem.nn;

/**
 * Adam with its weight decay apart from the gradient: θ is multiplied by 1 − α·λ before each step.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019, algorithm 2</a>
 */
public final class AdamW extends Adam {
  private final float keep;

  public AdamW(double learningRate, double weightDecay) {
    super(learningRate, 0);
    keep = (float) (1 - learningRate * weightDecay);
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    decay(values, keep, count);
    super.update(values, gradients, moments, count);
  }

  private static void decay(float[] values, float keep, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] * keep + FADED - FADED;
    }
  }
}
