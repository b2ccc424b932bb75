package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How much is trained, in which order, how often, and how fast.
 *
 * @param batchSize examples in a mini-batch; an epoch's last one may be smaller
 * @param epochs passes over the training set
 * @param seed fixes the initial weights and the order of batches
 * @param repeats how often each variant is trained: with this seed, the next one, and so on
 * @param iterationsPerSecond at most so many of each training, so that it can be watched; null for
 *     as fast as it goes
 */
public record Schedule(
    int batchSize,
    int epochs,
    long seed,
    int repeats,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double iterationsPerSecond) {

  /** The seed of a repeat, which all variants share. */
  public long seedOf(int repeat) {
    return seed + repeat - 1;
  }
}
