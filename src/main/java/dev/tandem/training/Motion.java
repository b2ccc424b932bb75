package dev.tandem.training;

import java.util.Arrays;
import java.util.List;

/**
 * How one update moves the weights of some layers: the norms of gradient, weights and change,
 * summed up while the optimizer goes over them block by block. Sums are kept for each place of a
 * block, so that the JIT makes vector instructions of the loops; beyond 10¹⁹ a norm is infinite.
 */
final class Motion {
  private final int[] from;
  private final int[] to;
  private final float[][] gradients;
  private final float[][] weights;
  private final float[][] changes;
  private final float[] before;

  /**
   * @param block floats that the optimizer works on at once
   */
  Motion(List<Parameters.Slice> watched, int block) {
    from = watched.stream().mapToInt(Parameters.Slice::from).toArray();
    to = watched.stream().mapToInt(slice -> slice.from() + slice.length()).toArray();
    gradients = new float[from.length][block];
    weights = new float[from.length][block];
    changes = new float[from.length][block];
    before = new float[block];
  }

  /** An update begins. */
  void clear() {
    for (float[][] sums : List.of(gradients, weights, changes)) {
      for (float[] sum : sums) {
        Arrays.fill(sum, 0);
      }
    }
  }

  /** A block is about to move. */
  void before(int at, float[] gradient, float[] values, int count) {
    System.arraycopy(values, 0, before, 0, count);
    for (int layer = 0; layer < from.length; layer++) {
      int low = Math.max(0, from[layer] - at);
      int high = Math.min(count, to[layer] - at);
      if (low < high) {
        addSquares(gradients[layer], gradient, low, high);
        addSquares(weights[layer], values, low, high);
      }
    }
  }

  /** It has moved. */
  void after(int at, float[] values, int count) {
    for (int layer = 0; layer < from.length; layer++) {
      int low = Math.max(0, from[layer] - at);
      int high = Math.min(count, to[layer] - at);
      if (low < high) {
        addSquaredDistances(changes[layer], values, before, low, high);
      }
    }
  }

  double gradientNorm(int layer) {
    return norm(gradients[layer]);
  }

  /** Norm of the change, divided by that of the weights before it. */
  double updateRatio(int layer) {
    return norm(changes[layer]) / norm(weights[layer]);
  }

  private static double norm(float[] squares) {
    double sum = 0;
    for (float square : squares) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  private static void addSquares(float[] to, float[] values, int low, int high) {
    for (int i = low; i < high; i++) {
      to[i] += values[i] * values[i];
    }
  }

  private static void addSquaredDistances(
      float[] to, float[] values, float[] others, int low, int high) {
    for (int i = low; i < high; i++) {
      float distance = values[i] - others[i];
      to[i] += distance * distance;
    }
  }
}
