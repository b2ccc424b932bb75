package dev.tandem.training;

/** By which mean and variance layers with batch normalization normalize. */
enum Mode {
  /** By the batch's own, and they move the running ones. */
  TRAINING,
  /** By the running ones: how a network is meant to be used. */
  EVALUATION,
  /** By the batch's own, with nothing moved: a network that was left in train mode. */
  BATCH_STATISTICS
}
