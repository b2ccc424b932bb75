package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One of the networks that a run compares.
 *
 * @param name unique in its run; the normalization's name unless given
 * @param normalization what normalizes the hidden layers
 * @param learningRate in place of the run's, or null
 */
public record Variant(
    String name,
    Normalization normalization,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double learningRate) {

  public Variant {
    if (name == null) {
      name = normalization.label();
    }
  }
}
