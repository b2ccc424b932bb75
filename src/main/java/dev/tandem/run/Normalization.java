package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What stands between a hidden layer's weighted sums and its activation function. */
public enum Normalization {
  /** Nothing. */
  NONE,

  /**
   * Batch normalization: each unit over the examples of a batch.
   *
   * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, algorithm 1</a>
   */
  BATCH,

  /**
   * Layer normalization: each example over the units of the layer.
   *
   * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton 2016</a>
   */
  LAYER;

  /** The name in JSON, and the default name of a variant that differs in nothing else. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a mini-batch of one example can't be trained on, because it has no variance. */
  public boolean needsTwoExamples() {
    return this == BATCH;
  }
}
