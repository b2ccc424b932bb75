package dev.tandem.run;

import java.util.List;

/**
 * What is trained.
 *
 * @param hiddenLayers units of each hidden layer, from input to output
 */
public record NetworkSettings(List<Integer> hiddenLayers) {
  public NetworkSettings {
    hiddenLayers = List.copyOf(hiddenLayers);
  }
}
