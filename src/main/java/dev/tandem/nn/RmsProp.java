package dev.tandem.nn;

/**
 * RMSProp: v = 0.99·v + 0.01·g², then θ −= α·g/(√v + ε).
 *
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton
 *     2012, lecture 6e</a>
 */
public final class RmsProp extends Optimizer {
  private static final float DECAY = 0.99f;
  private static final float EPSILON = 1e-8f;

  private final float learningRate;

  public RmsProp(double learningRate, double weightDecay) {
    super(1, weightDecay);
    this.learningRate = (float) learningRate;
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    average(gradients, moments[0], count);
    move(values, gradients, moments[0], learningRate, count);
  }

  private static void average(float[] gradients, float[] v, int count) {
    for (int i = 0; i < count; i++) {
      float g = gradients[i];
      v[i] = DECAY * v[i] + (1 - DECAY) * g * g + FADED - FADED;
    }
  }

  private static void move(
      float[] values, float[] gradients, float[] v, float learningRate, int count) {
    for (int i = 0; i < count; i++) {
      values[i] -= learningRate * gradients[i] / ((float) Math.sqrt(v[i]) + EPSILON);
    }
  }
}
