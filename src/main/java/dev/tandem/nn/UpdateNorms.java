package dev.tandem.nn;

import java.util.Arrays;
import java.util.List;

/**
 * How one step moves the parameters of some slices: the norms of gradient, values and change.
 * Beyond 10¹⁹ a norm is infinite. The change is summed up while the optimizer goes over the
 * parameters block by block, for each place of a block apart, so that the JIT makes vector
 * instructions of the loops. Used by one thread.
 */
public final class UpdateNorms {
  private final List<Parameters.Slice> watched;
  private final double[] gradientNorms;
  private final double[] valueNorms;
  private final float[][] changes;

  /** A block as it was before the optimizer moved it. */
  private final float[] old = new float[Parameters.BLOCK];

  /** Squared changes of a block that belongs to several slices. */
  private final float[] mixed = new float[Parameters.BLOCK];

  public UpdateNorms(List<Parameters.Slice> watched) {
    this.watched = watched;
    gradientNorms = new double[watched.size()];
    valueNorms = new double[watched.size()];
    changes = new float[watched.size()][Parameters.BLOCK];
  }

  /** The gradients are there, and nothing has moved yet. */
  void begin() {
    for (int s = 0; s < changes.length; s++) {
      Parameters.Slice slice = watched.get(s);
      gradientNorms[s] = Blas.norm(slice.gradients(), slice.length());
      valueNorms[s] = Blas.norm(slice.values(), slice.length());
      Arrays.fill(changes[s], 0);
    }
  }

  /** A block is about to be moved. */
  void before(float[] block, int count) {
    System.arraycopy(block, 0, old, 0, count);
  }

  /**
   * A block has been moved.
   *
   * @param at place of the block's first parameter among all
   */
  void after(int at, float[] block, int count) {
    for (int s = 0; s < changes.length; s++) {
      if (from(s) <= at && at + count <= to(s)) {
        Rows.addSquaredDistance(changes[s], block, old, count);
        return;
      }
    }
    Arrays.fill(mixed, 0);
    Rows.addSquaredDistance(mixed, block, old, count);
    for (int s = 0; s < changes.length; s++) {
      int high = Math.min(count, to(s) - at);
      for (int i = Math.max(0, from(s) - at); i < high; i++) {
        changes[s][i] += mixed[i];
      }
    }
  }

  /** Of the mean loss by a slice's parameters. */
  public double gradientNorm(int slice) {
    return gradientNorms[slice];
  }

  /** Norm of the change, divided by that of the values before it. */
  public double updateRatio(int slice) {
    double sum = 0;
    for (float square : changes[slice]) {
      sum += square;
    }
    return Math.sqrt(sum) / valueNorms[slice];
  }

  private int from(int slice) {
    return watched.get(slice).from();
  }

  private int to(int slice) {
    return from(slice) + watched.get(slice).length();
  }
}
