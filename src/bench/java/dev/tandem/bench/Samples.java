package dev.tandem.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Figures of one thing, measured again and again. */
final class Samples {
  private double[] values = {};

  void add(double value) {
    values = Arrays.copyOf(values, values.length + 1);
    values[values.length - 1] = value;
  }

  double median() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Measures several things in turn, some rounds; the first round warms up and isn't counted. */
  @SafeVarargs
  static Samples[] inTurn(int rounds, Callable<Double>... things) throws Exception {
    Samples[] samples = new Samples[things.length];
    Arrays.setAll(samples, i -> new Samples());
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < things.length; i++) {
        double value = things[i].call();
        if (round > 0) {
          samples[i].add(value);
        }
      }
    }
    return samples;
  }
}
