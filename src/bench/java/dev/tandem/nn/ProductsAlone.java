package dev.tandem.nn;

import java.util.Arrays;
import java.util.List;

/** What a perceptron's step would take if it were nothing but its matrix products. */
public final class ProductsAlone {
  private ProductsAlone() {}

  /**
   * Seconds that the products of one epoch take, in memory laid out as in a training.
   *
   * @param units of each layer, the inputs first
   */
  public static double seconds(List<Integer> units, int examples, int batchSize) {
    int layers = units.size();
    Native[] activations = new Native[layers];
    Native[] sums = new Native[layers];
    Native[] weights = new Native[layers];
    Native[] gradients = new Native[layers];
    for (int i = 0; i < layers; i++) {
      activations[i] = new Native(batchSize * units.get(i));
      sums[i] = new Native(batchSize * units.get(i));
      weights[i] = new Native(i == 0 ? 1 : units.get(i - 1) * units.get(i));
      gradients[i] = new Native(i == 0 ? 1 : units.get(i - 1) * units.get(i));
    }
    long started = System.nanoTime();
    for (int from = 0; from < examples; from += batchSize) {
      int rows = Math.min(batchSize, examples - from);
      for (int i = 1; i < layers; i++) {
        int in = units.get(i - 1);
        Blas.forward(activations[i - 1], weights[i], sums[i], rows, in, units.get(i));
      }
      for (int i = layers - 1; i > 0; i--) {
        int in = units.get(i - 1);
        Blas.weightGradient(activations[i - 1], sums[i], gradients[i], rows, in, units.get(i));
        if (i > 1) {
          Blas.inputGradient(sums[i], weights[i], sums[i - 1], rows, in, units.get(i));
        }
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    for (Native[] all : List.of(activations, sums, weights, gradients)) {
      Arrays.stream(all).forEach(Native::close);
    }
    return seconds;
  }
}
