package dev.tandem.nn;

/**
 * Loops over rows of numbers. The JIT makes vector instructions of them because they are small and
 * all their arrays have the same index; bits are the same without it.
 */
public final class Rows {
  /** Squared, it makes a 1 or more of every positive float. */
  private static final float HUGE = 1e30f;

  private static final int ARRAY_HEAD = 16;
  private static final int REFERENCE = 4;

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

  /** to += row·by. */
  public static void addScaled(float[] to, float[] row, float by, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += row[i] * by;
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

  public static void multiply(float[] row, float[] by, int count) {
    for (int i = 0; i < count; i++) {
      row[i] *= by[i];
    }
  }

  /** into = a·b, number by number. */
  public static void product(float[] into, float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = a[i] * b[i];
    }
  }

  /** into = −|row|. */
  public static void negativeMagnitude(float[] into, float[] row, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = -Math.abs(row[i]);
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

  /** 1 for what is more than 0, and 0 for the rest, without a branch. */
  public static float positive(float x) {
    return Math.min(Math.max(x, 0) * HUGE * HUGE, 1);
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

  // Sums along a row can't become vector instructions, which would change their order: four at a
  // time, at least, don't wait for one another.

  public static float sum(float[] row, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += row[i];
      b += row[i + 1];
      c += row[i + 2];
      d += row[i + 3];
    }
    for (; i < count; i++) {
      a += row[i];
    }
    return (a + b) + (c + d);
  }

  /** Sum of the squares of a row's numbers less one number. */
  public static float squaredDistance(float[] row, float from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += (row[i] - from) * (row[i] - from);
      b += (row[i + 1] - from) * (row[i + 1] - from);
      c += (row[i + 2] - from) * (row[i + 2] - from);
      d += (row[i + 3] - from) * (row[i + 3] - from);
    }
    for (; i < count; i++) {
      a += (row[i] - from) * (row[i] - from);
    }
    return (a + b) + (c + d);
  }

  /** Sum of the products of two rows. */
  public static float dot(float[] row, float[] by, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += row[i] * by[i];
      b += row[i + 1] * by[i + 1];
      c += row[i + 2] * by[i + 2];
      d += row[i + 3] * by[i + 3];
    }
    for (; i < count; i++) {
      a += row[i] * by[i];
    }
    return (a + b) + (c + d);
  }

  /** Bytes on the heap of an array of so many floats and the reference to it. */
  static long bytes(int floats) {
    return (ARRAY_HEAD + (long) Float.BYTES * floats + 7) / 8 * 8 + REFERENCE;
  }
}
