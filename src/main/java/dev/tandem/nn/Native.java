package dev.tandem.nn;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Floats outside the Java heap, where BLAS can reach them. Made once per training and freed by
 * {@link #close()}: a step allocates nothing. Not thread-safe.
 */
final class Native implements AutoCloseable {
  private final FloatPointer pointer;
  private final FloatBuffer buffer;

  /** Zeros. */
  Native(int length) {
    pointer = new FloatPointer(Math.max(1, length)).zero();
    buffer = pointer.asBuffer();
  }

  private Native(FloatPointer pointer, FloatBuffer buffer) {
    this.pointer = pointer;
    this.buffer = buffer;
  }

  /** A window on the same memory; it is not to be closed. */
  Native slice(int offset, int length) {
    return new Native(new FloatPointer(pointer).position(offset), buffer.slice(offset, length));
  }

  FloatPointer pointer() {
    return pointer;
  }

  void read(int from, float[] into, int count) {
    buffer.get(from, into, 0, count);
  }

  void write(int to, float[] values, int offset, int count) {
    buffer.put(to, values, offset, count);
  }

  /** Reads a row-major matrix. */
  void readRows(float[][] into, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      buffer.get(r * columns, into[r], 0, columns);
    }
  }

  /** Writes a row-major matrix. */
  void writeRows(float[][] values, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      buffer.put(r * columns, values[r], 0, columns);
    }
  }

  @Override
  public void close() {
    pointer.close();
  }
}
