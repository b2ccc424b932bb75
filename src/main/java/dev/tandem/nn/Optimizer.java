package dev.tandem.nn;

import java.nio.ByteBuffer;

/**
 * Moves parameters along their gradients, and keeps some numbers of each parameter from step to
 * step: its moments. It goes over the parameters in blocks that fit into a processor's first-level
 * cache. Used by one thread.
 */
public abstract class Optimizer {
  /**
   * Added to a number and taken away again, which leaves multiples of 10⁻³¹: no parameter can feel
   * that, but a moment that fades, as of a unit that is off, stays clear of the subnormal numbers,
   * which it would reach in some 800 steps. Processors reckon with those many times as slowly.
   */
  static final float FADED = 1e-24f;

  /** Makes an optimizer of what settings say. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param momentum μ, for those that have one
     * @param weightDecay λ; 0 for none
     */
    Optimizer create(double learningRate, double momentum, double weightDecay);
  }

  private final int momentCount;
  private final float weightDecay;

  /** Block × moment × parameter. */
  private float[][][] moments = {};

  private long steps;

  /**
   * @param momentCount numbers that are kept of each parameter
   * @param weightDecay λ: the gradient of λ/2·θ², of every parameter θ, comes to that of the loss
   */
  Optimizer(int momentCount, double weightDecay) {
    this.momentCount = momentCount;
    this.weightDecay = (float) weightDecay;
  }

  /** Numbers that it keeps of each parameter. */
  public final int momentCount() {
    return momentCount;
  }

  /** How many steps it has made. */
  final long steps() {
    return steps;
  }

  /** Makes room for the moments of so many blocks. */
  final void allocate(int blocks, int block) {
    moments = new float[blocks][momentCount][block];
  }

  final void begin() {
    steps++;
    begin(steps);
  }

  final void update(int block, float[] values, float[] gradients, int count) {
    if (weightDecay != 0) {
      clear(values, count);
      Rows.addScaled(gradients, values, weightDecay, count);
    }
    update(values, gradients, moments[block], count);
  }

  /** What nothing but decay moves fades too. */
  private static void clear(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] + FADED - FADED;
    }
  }

  /**
   * A step begins.
   *
   * @param step its number, from 1
   */
  void begin(long step) {}

  /**
   * Moves a block of parameters.
   *
   * @param values receives them
   * @param gradients of the mean loss by them; may be changed
   * @param moments of this block, as the last step left them; at first 0
   */
  abstract void update(float[] values, float[] gradients, float[][] moments, int count);

  /** Bytes that {@link #save} writes for so many parameters. */
  final int savedBytes(int parameters) {
    return Long.BYTES + momentCount * parameters * Float.BYTES;
  }

  final void save(ByteBuffer out, int parameters) {
    out.putLong(steps);
    for (int b = 0; b < moments.length; b++) {
      for (float[] of : moments[b]) {
        Floats.put(out, of, Math.min(of.length, parameters - b * of.length));
      }
    }
  }

  final void restore(ByteBuffer in, int parameters) {
    steps = in.getLong();
    for (int b = 0; b < moments.length; b++) {
      for (float[] of : moments[b]) {
        Floats.take(in, of, Math.min(of.length, parameters - b * of.length));
      }
    }
  }
}
