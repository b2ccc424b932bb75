package dev.tandem.nn;

import java.nio.ByteBuffer;

/**
 * One layer of a network. Activations are rows of numbers, an example each; of the arrays that a
 * layer is given, the first {@code rows} are the batch. Made for a largest batch, so that nothing
 * is allocated afterwards. Used by one thread.
 */
public interface Layer extends AutoCloseable {

  /** Makes a layer whose input and output have the same number of units. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param units that come in and go out
     * @param maxRows the largest batch
     * @param parameters of the network, of which the layer takes what it learns
     */
    Layer create(int units, int maxRows, Parameters parameters);
  }

  /**
   * A training step begins, before its {@link #forward}.
   *
   * @param step its number among all that the network has taken, from 1
   */
  default void begin(long step) {}

  /**
   * The way forward.
   *
   * @param x rows × units that come in; not changed, and left as it is until {@link #backward}
   * @return rows × units that go out: the layer's own arrays, valid until the next call; or x, if
   *     all passes as it is
   */
  float[][] forward(float[][] x, int rows, Mode mode);

  /**
   * The way back, after a {@link #forward} in {@link Mode#TRAINING}: sets the gradients of the
   * layer's parameters.
   *
   * @param gradient of the loss by what went out, rows × units; may be changed
   * @return the gradient by what came in; null from a network's first layer
   */
  float[][] backward(float[][] gradient, int rows);

  /** Whether the same number added to a unit of all rows makes no difference in training. */
  default boolean ignoresShift() {
    return false;
  }

  /** Bytes that it holds on the heap for each row of the largest batch. */
  long heapBytesPerRow();

  /** Bytes that it holds in native memory for each row of the largest batch. */
  default long nativeBytesPerRow() {
    return 0;
  }

  /** Bytes that {@link #save} writes. */
  default int savedBytes() {
    return 0;
  }

  /** Writes what it keeps from step to step beside its parameters. */
  default void save(ByteBuffer out) {}

  /** Takes on what was saved by one of the same shape. */
  default void restore(ByteBuffer in) {}

  @Override
  default void close() {}
}
