package dev.tandem.live;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One training's losses, iteration by iteration from 1. Grows by chunks, so nothing is copied. */
final class Losses {
  private static final int CHUNK = 4096;

  private final List<float[]> chunks = new ArrayList<>();
  private long size;

  long size() {
    return size;
  }

  void append(float[] losses) {
    int taken = 0;
    while (taken < losses.length) {
      int at = (int) (size % CHUNK);
      if (at == 0) {
        chunks.add(new float[CHUNK]);
      }
      int count = Math.min(CHUNK - at, losses.length - taken);
      System.arraycopy(losses, taken, chunks.get(chunks.size() - 1), at, count);
      taken += count;
      size += count;
    }
  }

  /** The loss of an iteration, counted from 1. */
  float get(long iteration) {
    long index = iteration - 1;
    return chunks.get((int) (index / CHUNK))[(int) (index % CHUNK)];
  }

  float[] copy(long from, int count) {
    float[] copy = new float[count];
    for (int i = 0; i < count; i++) {
      copy[i] = get(from + i);
    }
    return copy;
  }

  /**
   * At most {@code points} iterations from {@code from} on that show the curve's shape: of each of
   * points/2 buckets of equal width its least and its greatest loss, in their order. What isn't
   * finite counts as greatest. The same losses give the same points.
   */
  long[] thinned(long from, int points) {
    long count = size - from + 1;
    if (count <= points) {
      long[] all = new long[(int) Math.max(0, count)];
      Arrays.setAll(all, i -> from + i);
      return all;
    }
    int buckets = Math.max(1, points / 2);
    long[] kept = new long[2 * buckets];
    int used = 0;
    for (int b = 0; b < buckets; b++) {
      long first = from + count * b / buckets;
      long end = from + count * (b + 1) / buckets;
      long least = first;
      long greatest = first;
      for (long i = first; i < end; i++) {
        least = rank(i) < rank(least) ? i : least;
        greatest = rank(i) > rank(greatest) ? i : greatest;
      }
      kept[used++] = Math.min(least, greatest);
      if (least != greatest && used < points) {
        kept[used++] = Math.max(least, greatest);
      }
    }
    return Arrays.copyOf(kept, used);
  }

  private float rank(long iteration) {
    float loss = get(iteration);
    return Float.isFinite(loss) ? loss : Float.POSITIVE_INFINITY;
  }
}
