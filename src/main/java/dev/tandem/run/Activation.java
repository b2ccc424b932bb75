package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The function at the end of each hidden layer. */
public enum Activation {
  /** max(0, x). */
  RELU("ReLU"),
  TANH("tanh"),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID("sigmoid"),
  /** x·Φ(x), with Φ of the normal distribution, not its approximation by tanh. */
  GELU("GELU");

  private final String title;

  Activation(String title) {
    this.title = title;
  }

  /** The name in JSON. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name for people. */
  public String title() {
    return title;
  }
}
