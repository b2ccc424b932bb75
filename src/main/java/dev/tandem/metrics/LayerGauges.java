package dev.tandem.metrics;

import dev.tandem.run.LayerSample;
import dev.tandem.run.LayerSample.OfBatchNorm;
import dev.tandem.run.TrainingEvent.Layers;
import io.micrometer.core.instrument.Tags;

/** What was last seen in a run's hidden layers, as gauges; layers are counted from 1. */
final class LayerGauges {
  private LayerGauges() {}

  /** Sets a gauge, which is made when it has its first value. */
  interface Setter {
    void set(String name, String unit, String description, Tags tags, double value);
  }

  /**
   * @param training labels of the run and variant
   */
  static void set(Layers seen, Tags training, Setter gauges) {
    for (int layer = 0; layer < seen.layers().size(); layer++) {
      Tags tags = training.and("layer", String.valueOf(layer + 1));
      set(seen.layers().get(layer), tags, gauges);
    }
  }

  private static void set(LayerSample of, Tags tags, Setter gauges) {
    gauges.set(
        "tandem.layer.sum.mean", null, "Mean of a layer's weighted sums.", tags, of.sumMean());
    gauges.set(
        "tandem.layer.sum.sd",
        null,
        "Standard deviation of a layer's weighted sums.",
        tags,
        of.sumSd());
    String input =
        "Percentile of what enters a layer's activation, after normalization if there is any.";
    String name = "tandem.layer.input";
    gauges.set(name, null, input, tags.and("percentile", "15"), of.inputLow());
    gauges.set(name, null, input, tags.and("percentile", "50"), of.inputMedian());
    gauges.set(name, null, input, tags.and("percentile", "85"), of.inputHigh());
    gauges.set(
        "tandem.layer.dead",
        "ratio",
        "Units whose output was 0 for every example of the last batch looked into.",
        tags,
        of.deadRatio());
    gauges.set(
        "tandem.layer.gradient.norm",
        null,
        "Norm of the gradient of the loss by a layer's weights.",
        tags,
        of.gradientNorm());
    gauges.set(
        "tandem.layer.update",
        "ratio",
        "Norm of an optimizer step divided by the norm of the weights that it changes.",
        tags,
        of.updateRatio());
    if (of.batchNorm() != null) {
      set(of.batchNorm(), tags, gauges);
    }
  }

  private static void set(OfBatchNorm of, Tags tags, Setter gauges) {
    String gap =
        "Distance of a batch's statistic from the running one, in running standard deviations: a mean over a layer's units.";
    String name = "tandem.layer.batch.gap";
    gauges.set(name, null, gap, tags.and("statistic", "mean"), of.meanGap());
    gauges.set(name, null, gap, tags.and("statistic", "sd"), of.sdGap());
    gauges.set(
        "tandem.layer.gamma",
        null,
        "Mean of a layer's scales in batch normalization.",
        tags,
        of.gammaMean());
    gauges.set(
        "tandem.layer.beta",
        null,
        "Mean of a layer's shifts in batch normalization.",
        tags,
        of.betaMean());
  }
}
