package dev.tandem.live;

import java.util.Arrays;

/**
 * One training's losses, iteration by iteration from 1. Grows by chunks, so no loss is copied. Not
 * thread-safe, but what {@link #now} gives may be read by another thread while this one grows.
 */
final class Losses {
  private static final int CHUNK = 4096;

  private float[][] chunks;
  private long size;

  Losses() {
    this(new float[1][], 0);
  }

  private Losses(float[][] chunks, long size) {
    this.chunks = chunks;
    this.size = size;
  }

  /** As they are now, for reading alone: it shares what will not change any more. */
  Losses now() {
    return new Losses(chunks, size);
  }

  long size() {
    return size;
  }

  /** About how much memory they take. */
  long bytes() {
    return (size + CHUNK - 1) / CHUNK * CHUNK * Float.BYTES;
  }

  void append(float[] losses, int from, int to) {
    int taken = from;
    while (taken < to) {
      int chunk = (int) (size / CHUNK);
      int at = (int) (size % CHUNK);
      if (at == 0) {
        if (chunk == chunks.length) {
          chunks = Arrays.copyOf(chunks, 2 * chunk);
        }
        chunks[chunk] = new float[CHUNK];
      }
      int count = Math.min(CHUNK - at, to - taken);
      System.arraycopy(losses, taken, chunks[chunk], at, count);
      taken += count;
      size += count;
    }
  }

  /** The loss of an iteration, counted from 1. */
  float get(long iteration) {
    long index = iteration - 1;
    return chunks[(int) (index / CHUNK)][(int) (index % CHUNK)];
  }

  float[] copy(long from, int count) {
    float[] copy = new float[count];
    for (int i = 0; i < count; i++) {
      copy[i] = get(from + i);
    }
    return copy;
  }
}
