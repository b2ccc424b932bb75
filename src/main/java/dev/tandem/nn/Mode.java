package dev.tandem.nn;

/** What a network does, for the layers to which it makes a difference. */
public enum Mode {
  /** Learns: batch normalization uses the batch's statistics, and moves its running averages. */
  TRAINING,
  /** Is used as it is meant to be: batch normalization uses the running averages. */
  EVALUATION,
  /** Is used as it was left, in train mode: as in {@link #TRAINING}, but nothing moves. */
  BATCH_STATISTICS
}
