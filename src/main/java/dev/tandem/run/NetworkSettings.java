package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What is trained.
 *
 * @param hiddenLayers units of each hidden layer, from input to output
 * @param dropout share of a hidden layer's outputs that are put to 0 in a training step, 0 up to 1
 * @param initialScale what the initial weights, uniform in ±1/√fan-in, are multiplied by
 */
public record NetworkSettings(
    @JsonProperty("network") NetworkFamily family,
    List<Integer> hiddenLayers,
    Activation activation,
    Normalization normalization,
    double dropout,
    double initialScale) {
  public NetworkSettings {
    hiddenLayers = List.copyOf(hiddenLayers);
  }

  /** A perceptron with ReLUs. */
  public static NetworkSettings mlp(List<Integer> hiddenLayers, Normalization normalization) {
    return new NetworkSettings(
        NetworkFamily.MLP, hiddenLayers, Activation.RELU, normalization, 0, 1);
  }

  /** Weights and biases of its layers; what normalizes has few beside them. */
  long parameters(int inputs, int classes) {
    long count = 0;
    long in = inputs;
    for (int units : hiddenLayers) {
      count += (in + 1) * units;
      in = units;
    }
    return count + (in + 1) * classes;
  }
}
