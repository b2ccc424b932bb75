package dev.tandem.nn;

/**
 * Adam as in its paper and in PyTorch: m and v are running means of g and g², m̂ = m/(1 − β₁ᵗ) and
 * v̂ = v/(1 − β₂ᵗ), and θ −= α·m̂/(√v̂ + ε).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014, algorithm 1</a>
 */
public class Adam extends Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final double learningRate;

  /** α·√(1 − β₂ᵗ)/(1 − β₁ᵗ), so that m and √v need no correction of their own. */
  private float rate;

  /** ε·√(1 − β₂ᵗ), for the same reason. */
  private float epsilon;

  public Adam(double learningRate, double weightDecay) {
    super(2, weightDecay);
    this.learningRate = learningRate;
  }

  @Override
  final void begin(long step) {
    double correction = Math.sqrt(1 - Math.pow(BETA2, step));
    rate = (float) (learningRate * correction / (1 - Math.pow(BETA1, step)));
    epsilon = (float) (EPSILON * correction);
  }

  @Override
  void update(float[] values, float[] gradients, float[][] moments, int count) {
    average(gradients, moments[0], moments[1], count);
    move(values, moments[0], moments[1], rate, epsilon, count);
  }

  // The JIT makes vector instructions of small loops in which all arrays have the same index.

  private static void average(float[] gradients, float[] m, float[] v, int count) {
    for (int i = 0; i < count; i++) {
      float g = gradients[i];
      m[i] = BETA1 * m[i] + (1 - BETA1) * g + FADED - FADED;
      v[i] = BETA2 * v[i] + (1 - BETA2) * g * g + FADED - FADED;
    }
  }

  private static void move(
      float[] values, float[] m, float[] v, float rate, float epsilon, int count) {
    for (int i = 0; i < count; i++) {
      values[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }
}
