package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All trained parameters of a network: for the products in one piece of native memory, their
 * gradients in another, and for the optimizer in heap arrays. Those of a network that learns no
 * more lie in native memory alone, without gradients. Layers take slices while the network is made;
 * then {@link #allocate} makes the memory. Used by one thread.
 */
public final class Parameters implements AutoCloseable {
  /** Floats that are worked on at once: four such blocks lie in half the first-level cache. */
  static final int BLOCK = 1024;

  private final boolean learning;
  private final List<Slice> slices = new ArrayList<>();
  private int length;
  private Native natives;
  private Native nativeGradients;

  /** The same values, a block at a time; none of a network that learns no more. */
  private float[][] values = {};

  /** Of a block; also where its values are read that are not on the heap. */
  private final float[] gradients = new float[BLOCK];

  /** Of a network that is to learn. */
  public Parameters() {
    this(true);
  }

  private Parameters(boolean learning) {
    this.learning = learning;
  }

  /** Of a network that learns no more. */
  static Parameters fixed() {
    return new Parameters(false);
  }

  /** Whether there is a way back, and a step. */
  public boolean areLearning() {
    return learning;
  }

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
    if (learning) {
      nativeGradients = new Native(length);
      values = new float[blocks()][BLOCK];
    }
    for (Slice slice : slices) {
      slice.natives = natives.slice(slice.from, slice.length);
      if (learning) {
        slice.nativeGradients = nativeGradients.slice(slice.from, slice.length);
      }
      if (slice.initial != 0) {
        float[] initial = new float[slice.length];
        Arrays.fill(initial, slice.initial);
        slice.set(initial);
      }
    }
  }

  int blocks() {
    return (length + BLOCK - 1) / BLOCK;
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
    for (int b = 0; b < blocks(); b++) {
      natives.read(b * BLOCK, block(b), count(b));
      Floats.put(out, block(b), count(b));
    }
  }

  /** Takes on what was saved. */
  void restore(ByteBuffer in) {
    for (int b = 0; b < blocks(); b++) {
      Floats.take(in, block(b), count(b));
      natives.write(b * BLOCK, block(b), 0, count(b));
    }
  }

  private float[] block(int b) {
    return learning ? values[b] : gradients;
  }

  private int count(int b) {
    return Math.min(BLOCK, length - b * BLOCK);
  }

  @Override
  public void close() {
    natives.close();
    if (learning) {
      nativeGradients.close();
    }
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
      for (int done = 0; learning && done < length; ) {
        int at = from + done;
        int count = Math.min(length - done, BLOCK - at % BLOCK);
        System.arraycopy(to, done, values[at / BLOCK], at % BLOCK, count);
        done += count;
      }
    }
  }
}
