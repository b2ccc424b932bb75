package dev.tandem.live;

/**
 * Some iterations of a long training, for those who asked for a resolution; in place of {@code
 * steps} that hold them all.
 *
 * @param seq of the last event that it stands for
 * @param iterations counted from 1, rising
 * @param losses of those iterations, in nats
 */
record ThinnedSteps(long seq, String type, String variant, long[] iterations, float[] losses) {
  ThinnedSteps(long seq, String variant, long[] iterations, float[] losses) {
    this(seq, "steps", variant, iterations, losses);
  }
}
