package dev.tandem.lens;

import dev.tandem.run.TrainingPlan;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * Which iterations and epochs of a training are looked into: all in the beginning, where most
 * happens, then at distances that grow to a fixed one. It follows from the settings alone, so that
 * a training that is resumed, and its pair, look at the same ones.
 */
public final class LensPlan {
  /** The distance grows by a fifth of what is behind; faster in a network of many layers. */
  private static final int GROWTH = 5;

  /** With more layers a look costs more of a step, so there are fewer. */
  private static final int LAYERS = 4;

  /** After its beginning a training is looked into so often. */
  private static final int SAMPLES = 36;

  private static final int HISTOGRAMS = 40;
  private static final int LEAST_DISTANCE = 8;

  private static final LensPlan NONE = new LensPlan(new long[0], new long[0]);

  private final long[] iterations;
  private final long[] epochs;

  private LensPlan(long[] iterations, long[] epochs) {
    this.iterations = iterations;
    this.epochs = epochs;
  }

  public static LensPlan of(TrainingPlan plan) {
    if (!plan.watching().lens()) {
      return NONE;
    }
    boolean smallerLast =
        plan.iterationsPerEpoch() > 1 && plan.data().trainingExamples() % plan.batchSize() > 0;
    int layers = Math.max(LAYERS, plan.network().hiddenLayers().size());
    long distance = Math.max(LEAST_DISTANCE, plan.iterations() * layers / (SAMPLES * LAYERS));
    int growth = Math.max(2, GROWTH * LAYERS / layers);
    return new LensPlan(
        spaced(plan.iterations(), distance, growth, smallerLast ? plan.iterationsPerEpoch() : 0),
        spaced(plan.epochs(), Math.max(1, plan.epochs() / HISTOGRAMS), GROWTH, 0));
  }

  /** Whether an iteration, counted from 1, is to be looked into. */
  public boolean hasIteration(long iteration) {
    return Arrays.binarySearch(iterations, iteration) >= 0;
  }

  /** Whether histograms are to be told of an epoch, counted from 1. */
  public boolean hasEpoch(int epoch) {
    return Arrays.binarySearch(epochs, epoch) >= 0;
  }

  /**
   * Numbers from 1 to {@code last}, both among them.
   *
   * @param distance the greatest between two of them
   * @param growth it grows by such a part of what is behind
   * @param avoided its multiples make way for the number before: a smaller batch is noisier
   */
  private static long[] spaced(long last, long distance, int growth, int avoided) {
    TreeSet<Long> numbers = new TreeSet<>();
    long step = 1;
    // The last one is added for itself: none too close before it.
    for (long at = 1; at < last && (at == 1 || last - at >= step / 2); at += step) {
      numbers.add(avoided > 0 && at % avoided == 0 ? at - 1 : at);
      step = Math.max(1, Math.min(distance, at / growth));
    }
    numbers.add(avoided > 0 ? last - 1 : last);
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }
}
