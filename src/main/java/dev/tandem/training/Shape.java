package dev.tandem.training;

import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.TrainingPlan;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the number and the order of a network's parameters depend on.
 *
 * @param inputs features of one example
 * @param hiddenLayers units of each hidden layer, from input to output
 * @param classes units of the output layer
 */
record Shape(int inputs, List<Integer> hiddenLayers, int classes, Normalization normalization) {
  Shape {
    hiddenLayers = List.copyOf(hiddenLayers);
  }

  /** A variant's network for the dataset of its run. */
  static Shape of(TrainingPlan plan) {
    return of(plan, DatasetInfo.PIXELS, plan.data().classes());
  }

  static Shape of(TrainingPlan plan, int inputs, int classes) {
    return new Shape(
        inputs, plan.network().hiddenLayers(), classes, plan.network().normalization());
  }

  /** Whether its layers have running statistics. */
  boolean hasRunningStatistics() {
    return normalization == Normalization.BATCH;
  }

  /** Units of all hidden layers. */
  int hiddenUnits() {
    return hiddenLayers.stream().mapToInt(Integer::intValue).sum();
  }

  /** Parameters that the optimizer moves. */
  int trained() {
    int count = 0;
    int in = inputs;
    for (int units : hiddenLayers) {
      count += (in + 1) * units + (normalization == Normalization.NONE ? 0 : 2 * units);
      in = units;
    }
    return count + (in + 1) * classes;
  }

  /** All parameters: running means and variances too. */
  int parameters() {
    return trained() + (hasRunningStatistics() ? 2 * hiddenUnits() : 0);
  }

  /** For people: 784-128-64-10 with BatchNorm. */
  @Override
  public String toString() {
    Stream<Integer> units =
        Stream.of(Stream.of(inputs), hiddenLayers.stream(), Stream.of(classes)).flatMap(all -> all);
    return units.map(String::valueOf).collect(Collectors.joining("-"))
        + switch (normalization) {
          case NONE -> " without normalization";
          case BATCH -> " with BatchNorm";
          case LAYER -> " with LayerNorm";
        };
  }
}
