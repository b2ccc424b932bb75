package dev.tandem.nn;

/**
 * Adam as DeepLearning4J has it, and the paper in its section 2's efficient order: θ −= α·√(1 −
 * β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014, algorithm 1</a>
 */
public final class Adam extends Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /**
   * Added to a moment and taken away again, which leaves multiples of 10⁻³¹: no parameter can feel
   * that, but a moment that fades, as of a unit that is off, stays clear of the subnormal numbers,
   * which it would reach in some 800 steps. Processors reckon with those many times as slowly.
   */
  private static final float FADED = 1e-24f;

  private final double learningRate;
  private float rate;

  public Adam(double learningRate) {
    super(2);
    this.learningRate = learningRate;
  }

  @Override
  void begin(long step) {
    rate =
        (float) (learningRate * Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step)));
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    average(gradients, moments[0], moments[1], count);
    move(values, moments[0], moments[1], count, rate);
  }

  // The JIT makes vector instructions of small loops in which all arrays have the same index.

  private static void average(float[] gradients, float[] m, float[] v, int count) {
    for (int i = 0; i < count; i++) {
      float g = gradients[i];
      m[i] = BETA1 * m[i] + (1 - BETA1) * g + FADED - FADED;
      v[i] = BETA2 * v[i] + (1 - BETA2) * g * g + FADED - FADED;
    }
  }

  private static void move(float[] values, float[] m, float[] v, int count, float rate) {
    for (int i = 0; i < count; i++) {
      values[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) + EPSILON);
    }
  }
}
