package dev.tandem.nn;

/** Keys of streams of random numbers that have nothing to do with one another. */
final class StreamKey {
  /** What a {@link java.util.SplittableRandom}'s state grows by with each number it draws. */
  static final long GAMMA = 0x9e3779b97f4a7c15L;

  private StreamKey() {}

  /** The key of what is told apart by one more number. */
  static long of(long key, long number) {
    long z = key + (number + 1) * GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
