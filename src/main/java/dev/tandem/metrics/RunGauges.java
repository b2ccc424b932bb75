package dev.tandem.metrics;

import dev.tandem.run.DataFingerprint;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Data;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gauges of one run, each made when it has its first value, until they are removed. */
final class RunGauges {
  private final String runId;
  private final MeterRegistry registry;
  private final Info info;
  private String[] infoLabels;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> newest = new HashMap<>();
  private Meter status;

  RunGauges(Run run, MeterRegistry registry, Info info) {
    this.runId = run.id();
    this.registry = registry;
    this.info = info;
    infoLabels = infoLabels(run);
    info.addLabelValues(infoLabels);
    time("created", "When it was asked for.", run.createdAt());
    set(
        "tandem.run.epochs",
        null,
        "Epochs that each of its trainings is to take.",
        Tags.of("run", runId),
        run.settings().schedule().epochs());
    standing(run);
  }

  private static String[] infoLabels(Run run) {
    RunSettings settings = run.settings();
    DataFingerprint data = run.data();
    return new String[] {
      run.id(),
      settings.data().dataset(),
      String.valueOf(settings.schedule().epochs()),
      String.valueOf(settings.schedule().batchSize()),
      String.valueOf(settings.optimizer().learningRate()),
      String.valueOf(settings.schedule().seed()),
      // An empty label is none.
      data == null ? "" : DataFingerprint.shown(data.training()),
      data == null ? "" : DataFingerprint.shown(data.test())
    };
  }

  /**
   * @param run as it is after the event
   */
  void take(Run run, RunEvent event) {
    if (event instanceof TrainingEvent of && !isNewest(of)) {
      return;
    }
    if (event instanceof RunChange) {
      standing(run);
    } else if (event instanceof Data) {
      info.remove(infoLabels);
      infoLabels = infoLabels(run);
      info.addLabelValues(infoLabels);
    } else if (event instanceof Steps steps) {
      iteration(steps.variant(), steps.to());
      loss(steps.variant(), "train", steps.losses()[steps.losses().length - 1]);
    } else if (event instanceof EpochEnd end) {
      iteration(end.variant(), end.iteration());
      epoch(end.variant(), end.epoch());
      loss(end.variant(), "test", end.testLoss());
      accuracy(end.variant(), "train", end.trainAccuracy());
      accuracy(end.variant(), "test", end.testAccuracy());
      speed(end.variant(), end.examplesPerSecond());
    } else if (event instanceof Layers seen) {
      LayerGauges.set(seen, Tags.of("run", runId, "variant", seen.variant()), this::set);
    }
  }

  /** Takes what is known of trainings without their events. */
  void recall(List<Training> trainings) {
    for (Training of : trainings) {
      if (of.iteration() > 0) {
        newest.merge(of.variant(), of.repeat(), Math::max);
        iteration(of.variant(), of.iteration());
      }
      if (of.testLoss() != null) {
        loss(of.variant(), "test", of.testLoss());
      }
      if (of.testAccuracy() != null) {
        epoch(of.variant(), of.epoch());
        accuracy(of.variant(), "test", of.testAccuracy());
      }
      if (of.examplesPerSecond() != null) {
        speed(of.variant(), of.examplesPerSecond());
      }
    }
  }

  /** A variant's gauges show its newest repeat: one number can't show several curves. */
  private boolean isNewest(TrainingEvent of) {
    return of.repeat() >= newest.merge(of.variant(), of.repeat(), Math::max);
  }

  private void standing(Run run) {
    status(run.status());
    time("started", "When it began to train.", run.startedAt());
    time("finished", "When it ended, however it did.", run.finishedAt());
  }

  private void status(RunStatus now) {
    if (status != null) {
      registry.remove(status);
      meters.remove(status);
    }
    status =
        register(
            "tandem.run.status",
            null,
            "Always 1; the label says where the run stands.",
            Tags.of("run", runId, "status", now.label()),
            new Value(1));
  }

  private void time(String what, String description, Instant at) {
    if (at != null) {
      set(
          "tandem.run." + what + ".timestamp",
          "seconds",
          description,
          Tags.of("run", runId),
          at.toEpochMilli() / 1e3);
    }
  }

  private void iteration(String variant, long iteration) {
    training("tandem.training.iteration", null, "Optimizer steps taken.", variant, null, iteration);
  }

  private void epoch(String variant, int epoch) {
    training("tandem.training.epoch", null, "Epochs ended.", variant, null, epoch);
  }

  private void speed(String variant, double examplesPerSecond) {
    training(
        "tandem.training.examples.per.second",
        null,
        "Speed of the last epoch's optimizer steps, evaluation left out.",
        variant,
        null,
        examplesPerSecond);
  }

  private void loss(String variant, String split, double loss) {
    training(
        "tandem.training.loss",
        null,
        "Mean cross-entropy per example in nats: of the last training batch, or of the test set.",
        variant,
        split,
        loss);
  }

  private void accuracy(String variant, String split, double accuracy) {
    training(
        "tandem.training.accuracy",
        "ratio",
        "Examples classified right: in the last epoch's training, or of the test set after it.",
        variant,
        split,
        accuracy);
  }

  private void training(
      String name, String unit, String description, String variant, String split, double value) {
    Tags tags = Tags.of("run", runId, "variant", variant);
    set(name, unit, description, split == null ? tags : tags.and("split", split), value);
  }

  private void set(String name, String unit, String description, Tags tags, double value) {
    Value known = values.get(name + tags);
    if (known == null) {
      known = new Value(value);
      values.put(name + tags, known);
      register(name, unit, description, tags, known);
    }
    known.value = value;
  }

  private Meter register(String name, String unit, String description, Tags tags, Value value) {
    Meter made =
        Gauge.builder(name, value, held -> held.value)
            .description(description)
            .baseUnit(unit)
            .tags(tags)
            .strongReference(true)
            .register(registry);
    meters.add(made);
    return made;
  }

  void remove() {
    meters.forEach(registry::remove);
    info.remove(infoLabels);
  }

  /** Written on the event loop, read by a scrape. */
  private static final class Value {
    volatile double value;

    Value(double value) {
      this.value = value;
    }
  }
}
