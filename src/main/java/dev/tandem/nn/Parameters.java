package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All trained parameters of a network: for the products in one piece of native memory, their
 * gradients in another, and for the optimizer in heap arrays. Layers take slices while the network
 * is made; then {@link #allocate} makes the memory. Used by one thread.
 */
public final class Parameters implements AutoCloseable {
  /** Floats that are worked on at once: four such blocks lie in half the first-level cache. */
  static final int BLOCK = 1024;

  private final List<Slice> slices = new ArrayList<>();
  private int length;
  private Native natives;
  private Native nativeGradients;

  /** The same values, a block at a time. */
  private float[][] values;

  private final float[] gradients = new float[BLOCK];

  /**
   * The next so many parameters, for a layer.
   *
   * @param initial what each of them is until it is set
   */
  public Slice take(int count, float initial) {
    Slice slice = new Slice(length, count, initial);
    slices.add(slice);
    length += count;
    return slice;
  }

  /** As they were taken. */
  List<Slice> slices() {
    return slices;
  }

  /** How many there are. */
  public int length() {
    return length;
  }

  /** Makes the memory for all that was taken. */
  void allocate() {
    natives = new Native(length);
    nativeGradients = new Native(length);
    values = new float[(length + BLOCK - 1) / BLOCK][BLOCK];
    for (Slice slice : slices) {
      slice.natives = natives.slice(slice.from, slice.length);
      slice.nativeGradients = nativeGradients.slice(slice.from, slice.length);
      float[] initial = new float[slice.length];
      Arrays.fill(initial, slice.initial);
      slice.set(initial);
    }
  }

  int blocks() {
    return values.length;
  }

  /**
   * One step along the gradients.
   *
   * @param norms is shown how the step moves the parameters; may be null
   */
  void update(Optimizer optimizer, UpdateNorms norms) {
    optimizer.begin();
    if (norms != null) {
      norms.begin();
    }
    for (int b = 0; b < values.length; b++) {
      int count = count(b);
      nativeGradients.read(b * BLOCK, gradients, count);
      if (norms != null) {
        norms.before(values[b], count);
      }
      optimizer.update(b, values[b], gradients, count);
      if (norms != null) {
        norms.after(b * BLOCK, values[b], count);
      }
      natives.write(b * BLOCK, values[b], 0, count);
    }
  }

  /** Bytes that {@link #save} writes. */
  int savedBytes() {
    return Float.BYTES * length;
  }

  void save(ByteBuffer out) {
    for (int b = 0; b < values.length; b++) {
      Floats.put(out, values[b], count(b));
    }
  }

  /** Takes on what was saved. */
  void restore(ByteBuffer in) {
    for (int b = 0; b < values.length; b++) {
      Floats.take(in, values[b], count(b));
      natives.write(b * BLOCK, values[b], 0, count(b));
    }
  }

  private int count(int b) {
    return Math.min(BLOCK, length - b * BLOCK);
  }

  @Override
  public void close() {
    natives.close();
    nativeGradients.close();
  }

  /** A layer's part. */
  public final class Slice {
    private final int from;
    private final int length;
    private final float initial;
    private Native natives;
    private Native nativeGradients;

    private Slice(int from, int length, float initial) {
      this.from = from;
      this.length = length;
      this.initial = initial;
    }

    /** The place of its first parameter among all. */
    int from() {
      return from;
    }

    int length() {
      return length;
    }

    /** For the products; written through {@link #set} alone. */
    Native values() {
      return natives;
    }

    /** Where the products write. */
    Native gradients() {
      return nativeGradients;
    }

    /** Reads all of them. */
    void read(float[] into) {
      natives.read(0, into, length);
    }

    void writeGradients(float[] of) {
      nativeGradients.write(0, of, 0, length);
    }

    /** A copy. */
    public float[] get() {
      float[] copy = new float[length];
      natives.read(0, copy, length);
      return copy;
    }

    /** A copy of the gradients of the last step. */
    public float[] getGradients() {
      float[] copy = new float[length];
      nativeGradients.read(0, copy, length);
      return copy;
    }

    public void set(float[] to) {
      natives.write(0, to, 0, length);
      for (int done = 0; done < length; ) {
        int at = from + done;
        int count = Math.min(length - done, BLOCK - at % BLOCK);
        System.arraycopy(to, done, values[at / BLOCK], at % BLOCK, count);
        done += count;
      }
    }
  }
}
