package dev.tandem.nn;

/**
 * Loops over rows of numbers. The JIT makes vector instructions of them because they are small and
 * all their arrays have the same index; bits are the same without it.
 */
public final class Rows {
  /** Squared, it makes a 1 or more of every positive float. */
  private static final float HUGE = 1e30f;

  private Rows() {}

  public static void add(float[] to, float[] row, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += row[i];
    }
  }

  public static void addProduct(float[] to, float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += a[i] * b[i];
    }
  }

  public static void addSquaredDistance(float[] to, float[] row, float[] from, int count) {
    for (int i = 0; i < count; i++) {
      float distance = row[i] - from[i];
      to[i] += distance * distance;
    }
  }

  public static void max(float[] to, float[] row, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Math.max(to[i], row[i]);
    }
  }

  public static void multiply(float[] row, float by, int count) {
    for (int i = 0; i < count; i++) {
      row[i] *= by;
    }
  }

  /** into = (row − shift)·scale. */
  public static void standardize(
      float[] into, float[] row, float[] shift, float[] scale, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = (row[i] - shift[i]) * scale[i];
    }
  }

  /** into = row·scale + shift. */
  public static void affine(float[] into, float[] row, float[] scale, float[] shift, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = row[i] * scale[i] + shift[i];
    }
  }

  public static void relu(float[] into, float[] row, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = Math.max(row[i], 0);
    }
  }

  /**
   * Keeps the gradient where the unit was on, and makes it 0 elsewhere, without a branch that the
   * processor would guess wrong half the time.
   *
   * @param activations of {@link #relu}
   */
  public static void reluGradient(float[] gradient, float[] activations, int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] *= Math.min(activations[i] * HUGE * HUGE, 1);
    }
  }
}
