package dev.tandem.metrics;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingEvent;
import dev.tandem.run.RunSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.core.metrics.Info;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gauges of one run, each made when it has its first value, until they are removed. */
final class RunGauges {
  private final String runId;
  private final MeterRegistry registry;
  private final Info info;
  private final String[] infoLabels;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<String, Value> values = new HashMap<>();

  RunGauges(Run run, MeterRegistry registry, Info info) {
    this.runId = run.id();
    this.registry = registry;
    this.info = info;
    RunSettings settings = run.settings();
    infoLabels =
        new String[] {
          runId,
          settings.dataset(),
          String.valueOf(settings.epochs()),
          String.valueOf(settings.batchSize()),
          String.valueOf(settings.learningRate()),
          String.valueOf(settings.seed())
        };
    info.addLabelValues(infoLabels);
  }

  void take(TrainingEvent event) {
    if (event instanceof Steps steps) {
      iteration(steps.variant(), steps.to());
      loss(steps.variant(), "train", steps.losses()[steps.losses().length - 1]);
    } else if (event instanceof EpochEnd end) {
      iteration(end.variant(), end.iteration());
      set("tandem.training.epoch", "", "Epochs ended.", end.variant(), null, end.epoch());
      loss(end.variant(), "test", end.testLoss());
      accuracy(end.variant(), "train", end.trainAccuracy());
      accuracy(end.variant(), "test", end.testAccuracy());
    }
  }

  private void iteration(String variant, long iteration) {
    set("tandem.training.iteration", "", "Optimizer steps taken.", variant, null, iteration);
  }

  private void loss(String variant, String split, double loss) {
    set(
        "tandem.training.loss",
        "",
        "Mean cross-entropy per example in nats: of the last training batch, or of the test set.",
        variant,
        split,
        loss);
  }

  private void accuracy(String variant, String split, double accuracy) {
    set(
        "tandem.training.accuracy",
        "ratio",
        "Examples classified right: in the last epoch's training, or of the test set after it.",
        variant,
        split,
        accuracy);
  }

  private void set(
      String name, String unit, String description, String variant, String split, double value) {
    values.computeIfAbsent(
                name + '/' + variant + '/' + split,
                key -> {
                  Value made = new Value();
                  Tags tags = Tags.of("run", runId, "variant", variant);
                  meters.add(
                      Gauge.builder(name, made, held -> held.value)
                          .description(description)
                          .baseUnit(unit.isEmpty() ? null : unit)
                          .tags(split == null ? tags : tags.and("split", split))
                          .strongReference(true)
                          .register(registry));
                  return made;
                })
            .value =
        value;
  }

  void remove() {
    meters.forEach(registry::remove);
    info.remove(infoLabels);
  }

  /** Written on the event loop, read by a scrape. */
  private static final class Value {
    volatile double value;
  }
}
