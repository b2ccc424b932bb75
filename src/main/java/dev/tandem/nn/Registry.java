package dev.tandem.nn;

import java.util.Map;
import java.util.Set;

/** What there is to choose from, by the names that settings have: a new one is a line here. */
public final class Registry {
  private static final Map<String, Layer.Factory> NORMALIZATIONS =
      Map.of(
          "batch", BatchNorm::new,
          "layer", LayerNorm::new);

  private static final Map<String, Layer.Factory> ACTIVATIONS =
      Map.of(
          "relu", Relu::new,
          "tanh", Tanh::new,
          "sigmoid", Sigmoid::new,
          "gelu", Gelu::new);

  private static final Map<String, Optimizer.Factory> OPTIMIZERS =
      Map.of(
          "adam", (rate, momentum, decay) -> new Adam(rate, decay),
          "adamw", (rate, momentum, decay) -> new AdamW(rate, decay),
          "sgd", (rate, momentum, decay) -> new Sgd(rate, decay),
          "momentum", Momentum::new,
          "nesterov", Nesterov::new,
          "rmsprop", (rate, momentum, decay) -> new RmsProp(rate, decay));

  private Registry() {}

  public static Set<String> normalizations() {
    return NORMALIZATIONS.keySet();
  }

  public static Set<String> activations() {
    return ACTIVATIONS.keySet();
  }

  public static Set<String> optimizers() {
    return OPTIMIZERS.keySet();
  }

  /** Null for {@code none}. */
  public static Layer.Factory normalization(String name) {
    return name.equals("none") ? null : find(NORMALIZATIONS, name);
  }

  public static Layer.Factory activation(String name) {
    return find(ACTIVATIONS, name);
  }

  /**
   * A new one.
   *
   * @param momentum μ, for those that have one
   * @param weightDecay λ; 0 for none
   */
  public static Optimizer optimizer(
      String name, double learningRate, double momentum, double weightDecay) {
    return find(OPTIMIZERS, name).create(learningRate, momentum, weightDecay);
  }

  private static <T> T find(Map<String, T> of, String name) {
    T found = of.get(name);
    if (found == null) {
      throw new IllegalArgumentException("there is no %s among %s".formatted(name, of.keySet()));
    }
    return found;
  }
}
