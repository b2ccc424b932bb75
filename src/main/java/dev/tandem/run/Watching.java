package dev.tandem.run;

/**
 * What is to be seen of a training beside its losses and tests.
 *
 * @param lens whether to look into the hidden layers while they learn
 * @param trainModeTest whether to test with the statistics of test batches too, as a network left
 *     in train mode would
 */
public record Watching(boolean lens, boolean trainModeTest) {
  /** Nothing else. */
  public static final Watching NOTHING = new Watching(false, false);
}
