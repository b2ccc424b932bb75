package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What moves a network's parameters along their gradients, each as PyTorch has it. */
public enum Optimizer {
  /** Kingma and Ba 2015; weight decay comes to the gradient. */
  ADAM("Adam"),
  /** Loshchilov and Hutter 2019: Adam with weight decay apart from the gradient. */
  ADAMW("AdamW"),
  /** Plain stochastic gradient descent. */
  SGD("SGD"),
  /** Stochastic gradient descent with a momentum. */
  MOMENTUM("momentum"),
  /** The same, with Nesterov's gradient ahead. */
  NESTEROV("Nesterov"),
  /** Hinton's: the gradient divided by a running root of its square. */
  RMSPROP("RMSprop");

  private final String title;

  Optimizer(String title) {
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
