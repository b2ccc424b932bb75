package dev.tandem.live;

import dev.tandem.run.TrainingId;

/**
 * Some iterations of a long training, for those who asked for a resolution; in place of {@code
 * steps} that hold them all.
 *
 * @param seq of the last event that it stands for
 * @param iterations counted from 1, rising
 * @param losses of those iterations, in nats
 */
record ThinnedSteps(
    long seq, String type, String variant, int repeat, long[] iterations, float[] losses) {
  ThinnedSteps(long seq, TrainingId training, long[] iterations, float[] losses) {
    this(seq, "steps", training.variant(), training.repeat(), iterations, losses);
  }
}
