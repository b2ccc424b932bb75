package dev.tandem.live;

import java.util.function.LongConsumer;

/**
 * At most so many iterations that show a curve's shape, found as they are asked for: of each of
 * some buckets of equal width its least and its greatest loss, in their order, and the last one of
 * all. What isn't finite counts as greatest. The same losses give the same points.
 */
final class Thinned {
  private final Losses losses;
  private final long from;
  private final long count;

  /** 0 if nothing is to be left out. */
  private final int buckets;

  private final boolean withLast;
  private int bucket;

  /** The one after the last that was taken, or was left out. */
  private long next;

  /** What is found of the bucket that was looked at last; 0 if it is taken. */
  private long first;

  private long second;

  /**
   * @param losses don't grow meanwhile
   * @param from the first iteration that counts
   * @param points 2 or more
   */
  Thinned(Losses losses, long from, int points) {
    this.losses = losses;
    this.from = from;
    this.next = from;
    this.count = losses.size() - from + 1;
    this.buckets = count <= points ? 0 : Math.max(1, (points - 1) / 2);
    this.withLast = points > 2;
  }

  /** Takes those up to an iteration that were not taken before. */
  void until(long end, LongConsumer taken) {
    if (buckets == 0) {
      while (next <= end) {
        taken.accept(next++);
      }
      return;
    }
    while (true) {
      if (first == 0 && bucket < buckets && start(bucket) <= end) {
        look(start(bucket), start(++bucket));
      }
      if (first == 0 || first > end) {
        break;
      }
      taken.accept(first);
      next = first + 1;
      first = second;
      second = 0;
    }
    if (withLast && end >= losses.size() && next <= losses.size()) {
      next = losses.size() + 1;
      taken.accept(losses.size());
    }
  }

  private long start(int of) {
    return from + count * of / buckets;
  }

  private void look(long start, long end) {
    long least = start;
    long greatest = start;
    for (long i = start; i < end; i++) {
      least = rank(i) < rank(least) ? i : least;
      greatest = rank(i) > rank(greatest) ? i : greatest;
    }
    first = Math.min(least, greatest);
    second = least == greatest ? 0 : Math.max(least, greatest);
  }

  private float rank(long iteration) {
    float loss = losses.get(iteration);
    return Float.isFinite(loss) ? loss : Float.POSITIVE_INFINITY;
  }
}
