package dev.tandem.training;

import java.util.Arrays;
import java.util.List;

/**
 * How one update moves the weights of some layers: the norms of gradient, weights and change.
 * Beyond 10¹⁹ a norm is infinite. The change is summed up while the optimizer goes over the
 * parameters block by block, for each place of a block apart, so that the JIT makes vector
 * instructions of the loops.
 */
final class Motion {
  private final List<Parameters.Slice> watched;
  private final double[] gradientNorms;
  private final double[] weightNorms;
  private final float[][] changes;

  /** Squared changes of a block that belongs to several layers. */
  private final float[] mixed;

  /**
   * @param block floats that the optimizer works on at once
   */
  Motion(List<Parameters.Slice> watched, int block) {
    this.watched = watched;
    gradientNorms = new double[watched.size()];
    weightNorms = new double[watched.size()];
    changes = new float[watched.size()][block];
    mixed = new float[block];
  }

  /** The gradients are there, and nothing has moved yet. */
  void begin() {
    for (int layer = 0; layer < changes.length; layer++) {
      Parameters.Slice slice = watched.get(layer);
      gradientNorms[layer] = Blas.norm(slice.gradients(), slice.length());
      weightNorms[layer] = Blas.norm(slice.values(), slice.length());
      Arrays.fill(changes[layer], 0);
    }
  }

  /**
   * Where the squared changes of a block are to be added.
   *
   * @param at place of the block's first parameter among all
   */
  float[] sums(int at, int count) {
    for (int layer = 0; layer < changes.length; layer++) {
      if (from(layer) <= at && at + count <= to(layer)) {
        return changes[layer];
      }
    }
    Arrays.fill(mixed, 0);
    return mixed;
  }

  /** They have been added there. */
  void added(int at, int count, float[] sums) {
    if (sums != mixed) {
      return;
    }
    for (int layer = 0; layer < changes.length; layer++) {
      int high = Math.min(count, to(layer) - at);
      for (int i = Math.max(0, from(layer) - at); i < high; i++) {
        changes[layer][i] += mixed[i];
      }
    }
  }

  double gradientNorm(int layer) {
    return gradientNorms[layer];
  }

  /** Norm of the change, divided by that of the weights before it. */
  double updateRatio(int layer) {
    double sum = 0;
    for (float square : changes[layer]) {
      sum += square;
    }
    return Math.sqrt(sum) / weightNorms[layer];
  }

  private int from(int layer) {
    return watched.get(layer).from();
  }

  private int to(int layer) {
    return from(layer) + watched.get(layer).length();
  }
}
