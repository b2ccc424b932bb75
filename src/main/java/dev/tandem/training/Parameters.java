package dev.tandem.training;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * All trained parameters of a network in one piece of native memory, their gradients in another,
 * and the Adam optimizer that moves them. Layers own slices.
 *
 * <p>Adam as DeepLearning4J has it (and the paper in its section 2's efficient order): θ −= α·√(1 −
 * β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014, algorithm 1</a>
 */
final class Parameters implements AutoCloseable {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /**
   * Added to a moment and taken away again, which leaves multiples of 10⁻³¹: no parameter can feel
   * that, but a moment that fades, as of a unit that is off, stays clear of the subnormal numbers,
   * which it would reach in some 800 steps. Processors reckon with those many times as slowly.
   */
  private static final float FADED = 1e-24f;

  /** Floats that are worked on at once: four such blocks lie in half the first-level cache. */
  private static final int BLOCK = 1024;

  private final int length;
  private final Native values;
  private final Native gradients;

  /** Moments, a block at a time. */
  private final float[][] m;

  private final float[][] v;

  /** The values as the last update wrote them. */
  private final float[][] written;

  private final float[] blockGradients = new float[BLOCK];
  private final double learningRate;
  private long steps;
  private int taken;

  Parameters(int length, double learningRate) {
    this(length, learningRate, true);
  }

  private Parameters(int length, double learningRate, boolean learn) {
    this.length = length;
    this.learningRate = learningRate;
    values = new Native(length);
    gradients = learn ? new Native(length) : null;
    m = new float[learn ? blocks() : 0][BLOCK];
    v = new float[m.length][BLOCK];
    written = new float[m.length][BLOCK];
  }

  /** Those of a network that learns no more, without gradients and moments. */
  static Parameters fixed(int length) {
    return new Parameters(length, 0, false);
  }

  /** The next so many parameters, for a layer. */
  Slice take(int count) {
    Slice slice =
        new Slice(
            values.slice(taken, count),
            gradients == null ? null : gradients.slice(taken, count),
            taken,
            count);
    taken += count;
    return slice;
  }

  /** One Adam step along the gradients. */
  void update() {
    update(null);
  }

  /**
   * One Adam step along the gradients.
   *
   * @param motion is shown how the step moves the parameters; may be null
   */
  void update(Motion motion) {
    steps++;
    if (motion != null) {
      motion.begin();
    }
    float rate =
        (float)
            (learningRate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps)));
    for (int b = 0; b < m.length; b++) {
      int count = count(b);
      if (steps == 1) {
        values.read(b * BLOCK, written[b], count);
      }
      gradients.read(b * BLOCK, blockGradients, count);
      moments(blockGradients, m[b], v[b], count);
      if (motion == null) {
        move(written[b], m[b], v[b], count, rate);
      } else {
        float[] sums = motion.sums(b * BLOCK, count);
        moveAndSum(written[b], m[b], v[b], count, rate, sums);
        motion.added(b * BLOCK, count, sums);
      }
      values.write(b * BLOCK, written[b], 0, count);
    }
  }

  // The JIT makes vector instructions of small loops in which all arrays have the same index.

  private static void moments(float[] gradients, float[] m, float[] v, int count) {
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

  /** The same to the last bit, and adds the squares of what it takes away. */
  private static void moveAndSum(
      float[] values, float[] m, float[] v, int count, float rate, float[] sums) {
    for (int i = 0; i < count; i++) {
      float change = rate * m[i] / ((float) Math.sqrt(v[i]) + EPSILON);
      values[i] -= change;
      sums[i] += change * change;
    }
  }

  /** Bytes that {@link #save} writes. */
  int savedBytes(boolean withOptimizer) {
    return Float.BYTES * (withOptimizer ? 3 : 1) * length + (withOptimizer ? Long.BYTES : 0);
  }

  /**
   * @param withOptimizer moments and step count too
   */
  void save(ByteBuffer out, boolean withOptimizer) {
    for (int b = 0; b < blocks(); b++) {
      values.read(b * BLOCK, block(b), count(b));
      put(out, block(b), count(b));
    }
    if (withOptimizer) {
      out.putLong(steps);
      for (int b = 0; b < m.length; b++) {
        put(out, m[b], count(b));
        put(out, v[b], count(b));
      }
    }
  }

  /** Takes on what was saved. */
  void restore(ByteBuffer in, boolean withOptimizer) {
    for (int b = 0; b < blocks(); b++) {
      take(in, block(b), count(b));
      values.write(b * BLOCK, block(b), 0, count(b));
    }
    if (withOptimizer) {
      steps = in.getLong();
      for (int b = 0; b < m.length; b++) {
        take(in, m[b], count(b));
        take(in, v[b], count(b));
      }
    }
  }

  private int blocks() {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** Where a block's values are on the heap; in a network that learns no more they don't stay. */
  private float[] block(int b) {
    return b < written.length ? written[b] : blockGradients;
  }

  private int count(int b) {
    return Math.min(BLOCK, length - b * BLOCK);
  }

  static void put(ByteBuffer out, float[] values, int count) {
    out.asFloatBuffer().put(values, 0, count);
    out.position(out.position() + count * Float.BYTES);
  }

  static void take(ByteBuffer in, float[] values, int count) {
    in.asFloatBuffer().get(values, 0, count);
    in.position(in.position() + count * Float.BYTES);
  }

  @Override
  public void close() {
    values.close();
    if (gradients != null) {
      gradients.close();
    }
  }

  /** What is shown to it while the parameters move. */
  Motion motion(List<Slice> watched) {
    return new Motion(watched, BLOCK);
  }

  /**
   * A layer's part.
   *
   * @param gradients null in a network that learns no more
   * @param from its first parameter's place among all
   */
  record Slice(Native values, Native gradients, int from, int length) {
    void set(float[] to) {
      values.write(0, to, 0, length);
    }
  }
}
