package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a network is built. */
public enum NetworkFamily {
  /** A multilayer perceptron: dense layers, each normalized and activated, then softmax. */
  MLP;

  /** The name in JSON. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
