package dev.tandem.nn;

/** Looks on while a batch goes forward through a network. Called on the network's thread. */
@FunctionalInterface
public interface Watcher {
  /**
   * A layer is done with a batch.
   *
   * @param index of the layer in {@link Network#layers}
   * @param output rows × units; not to be written to, nor kept
   */
  void passed(int index, float[][] output, int rows, Mode mode);
}
