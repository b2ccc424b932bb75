package dev.tandem.nn;

import java.nio.ByteBuffer;

/**
 * Moves parameters along their gradients, and keeps some numbers of each parameter from step to
 * step: its moments. It goes over the parameters in blocks that fit into a processor's first-level
 * cache. Used by one thread.
 */
public abstract class Optimizer {
  private final int momentCount;

  /** Block × moment × parameter. */
  private float[][][] moments = {};

  private long steps;

  /**
   * @param momentCount numbers that are kept of each parameter
   */
  Optimizer(int momentCount) {
    this.momentCount = momentCount;
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
    update(values, gradients, moments[block], count);
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
