package dev.tandem.metrics;

import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counters and histograms over all trainings with one normalization. */
final class TrainingMeters {
  private static final Duration[] STEP_BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final Counter iterations;
  private final Counter examples;
  private final Timer step;
  private final Map<TrainingStatus, Counter> ended = new EnumMap<>(TrainingStatus.class);

  TrainingMeters(MeterRegistry registry, String variant) {
    iterations =
        Counter.builder("tandem.training.iterations")
            .description("Optimizer steps taken.")
            .tag("variant", variant)
            .register(registry);
    examples =
        Counter.builder("tandem.training.examples")
            .description("Training examples learnt from.")
            .tag("variant", variant)
            .register(registry);
    step =
        Timer.builder("tandem.training.step")
            .description("Duration of one optimizer step.")
            .tag("variant", variant)
            .serviceLevelObjectives(STEP_BUCKETS)
            .register(registry);
    for (TrainingStatus status : TrainingStatus.values()) {
      if (status.hasEnded()) {
        ended.put(
            status,
            Counter.builder("tandem.trainings")
                .description("Trainings that ended, by how.")
                .tags("variant", variant, "status", status.name().toLowerCase(Locale.ROOT))
                .register(registry));
      }
    }
  }

  void steps(TrainingPlan plan, Steps steps) {
    iterations.increment(steps.losses().length);
    examples.increment(plan.examplesAfter(steps.to()) - plan.examplesAfter(steps.from() - 1));
    if (steps.seconds() != null) {
      for (float seconds : steps.seconds()) {
        step.record(Duration.ofNanos((long) (seconds * 1e9)));
      }
    }
  }

  void ended(TrainingStatus status) {
    ended.get(status).increment();
  }
}
