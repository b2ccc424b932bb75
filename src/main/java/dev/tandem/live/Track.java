package dev.tandem.live;

import dev.tandem.run.TrainingId;
import java.util.Arrays;

/**
 * One training's losses, and the {@code steps} events that they came with, as columns: 20 bytes an
 * event. Not thread-safe, but what {@link #now} gives may be read by another thread while this one
 * grows.
 */
final class Track {
  private static final int EVENT_BYTES = 20;

  private final TrainingId training;
  private final Losses losses;
  private int[] seqs;
  private int[] ends;
  private double[] ats;
  private float[] spans;
  private int size;

  Track(TrainingId training) {
    this.training = training;
    this.losses = new Losses();
    this.seqs = new int[16];
    this.ends = new int[16];
    this.ats = new double[16];
    this.spans = new float[16];
  }

  private Track(Track of) {
    this.training = of.training;
    this.losses = of.losses.now();
    this.seqs = of.seqs;
    this.ends = of.ends;
    this.ats = of.ats;
    this.spans = of.spans;
    this.size = of.size;
  }

  /** As it is now, for reading alone. */
  Track now() {
    return new Track(this);
  }

  TrainingId training() {
    return training;
  }

  Losses losses() {
    return losses;
  }

  long bytes() {
    return losses.bytes() + (long) EVENT_BYTES * seqs.length;
  }

  /** Number of the last event; 0 before the first. */
  long last() {
    return size == 0 ? 0 : seqs[size - 1];
  }

  /**
   * Takes the next event.
   *
   * @param values from index {@code from} up to {@code to} are its losses
   * @param firstAt when the first of its steps ended, in milliseconds since 1970
   */
  void append(long seq, float[] values, int from, int to, double at, double firstAt) {
    if (size == seqs.length) {
      int room = size + size / 2;
      seqs = Arrays.copyOf(seqs, room);
      ends = Arrays.copyOf(ends, room);
      ats = Arrays.copyOf(ats, room);
      spans = Arrays.copyOf(spans, room);
    }
    losses.append(values, from, to);
    seqs[size] = (int) seq;
    ends[size] = (int) losses.size();
    ats[size] = at;
    spans[size] = (float) (at - firstAt);
    size++;
  }

  /** Index of the first event with a number above this one. */
  int firstAfter(long seq) {
    int found = Arrays.binarySearch(seqs, 0, size, (int) Math.min(seq, Integer.MAX_VALUE));
    return found < 0 ? -found - 1 : found + 1;
  }

  int seq(int index) {
    return seqs[index];
  }

  /** Iteration of the first loss of an event; of the one to come, of its first. */
  long from(int index) {
    return index == 0 ? 1 : ends[index - 1] + 1L;
  }

  /** Iteration of the last loss of an event. */
  long end(int index) {
    return ends[index];
  }

  double at(int index) {
    return ats[index];
  }

  double firstAt(int index) {
    return ats[index] - spans[index];
  }
}
