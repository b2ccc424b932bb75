package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands between a hidden layer's weighted sums and its activation function. */
public enum Normalization {
  /** Nothing: dense, then ReLU. */
  @JsonProperty("none")
  NONE("none"),

  /**
   * Batch normalization: dense, batch normalization, then ReLU.
   *
   * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, algorithm 1</a>
   */
  @JsonProperty("batch")
  BATCH("batch");

  private final String label;

  Normalization(String label) {
    this.label = label;
  }

  /** The name in JSON, and the default name of a variant. */
  public String label() {
    return label;
  }

  /** Whether a mini-batch of one example can't be trained on, because it has no variance. */
  public boolean needsTwoExamples() {
    return this == BATCH;
  }
}
