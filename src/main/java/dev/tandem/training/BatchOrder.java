package dev.tandem.training;

import java.util.SplittableRandom;

/**
 * The order of the training set in each epoch: a fresh uniform permutation, drawn from the run's
 * seed alone, so that all variants see the same batches.
 */
final class BatchOrder {
  /** Keeps the order's numbers apart from those that draw the weights. */
  private static final long STREAM = 0x6f72646572L;

  private final SplittableRandom random;
  private final int[] order;

  BatchOrder(long seed, int examples) {
    random = new SplittableRandom(seed ^ STREAM << 24);
    order = new int[examples];
    for (int i = 0; i < examples; i++) {
      order[i] = i;
    }
  }

  /** The next epoch's order; the array is reused. Fisher and Yates's shuffle. */
  int[] next() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
