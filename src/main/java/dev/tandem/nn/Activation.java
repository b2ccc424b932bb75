package dev.tandem.nn;

/** A layer that applies one function to each number. */
public abstract class Activation implements Layer {
  final int units;

  /** What went out, rows × units. */
  final float[][] output;

  Activation(int units, int maxRows) {
    this.units = units;
    output = new float[maxRows][units];
  }

  @Override
  public long heapBytesPerRow() {
    return Rows.bytes(units);
  }
}
