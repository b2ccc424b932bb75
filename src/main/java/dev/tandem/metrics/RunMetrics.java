package dev.tandem.metrics;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingEvent;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.TrainingStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Run events as Prometheus metrics. Gauges of a run stay while it is active and until {@value
 * #ENDED_RUNS} later runs have ended, so that even a run of a second is scraped; then they leave.
 * Counters and histograms go over all runs and never carry a run's name.
 */
public final class RunMetrics extends VerticleBase {
  private static final int ENDED_RUNS = 10;

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

  private final PrometheusMeterRegistry registry;
  private final Map<RunStatus, Counter> ended = new EnumMap<>(RunStatus.class);
  private final Info backend;
  private final Info info;

  /** Runs with gauges, oldest first. Written on the event loop, read by a scrape. */
  private final Map<String, RunGauges> gauges = new LinkedHashMap<>();

  /** Status of each run that has not ended. */
  private final Map<String, Run> open = new ConcurrentHashMap<>();

  public RunMetrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
    info =
        Info.builder()
            .name("tandem_run_info")
            .help("What a run was asked to do.")
            .labelNames("run", "dataset", "epochs", "batch_size", "learning_rate", "seed")
            .register(registry.getPrometheusRegistry());
    backend =
        Info.builder()
            .name("tandem_backend_info")
            .help("What computes.")
            .labelNames("backend", "reason")
            .register(registry.getPrometheusRegistry());
  }

  @Override
  public Future<?> start() {
    for (RunStatus status : RunStatus.values()) {
      ended.put(
          status,
          Counter.builder("tandem.runs")
              .description("Runs that reached a status.")
              .tag("status", status.label())
              .register(registry));
    }
    Gauge.builder("tandem.trainings.active", this, RunMetrics::activeTrainings)
        .description("Trainings that run now.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tandem.runs.queued", this, RunMetrics::queuedRuns)
        .description("Runs that wait for a run before them to end.")
        .strongReference(true)
        .register(registry);
    var bus = vertx.eventBus();
    return Future.all(
        bus.<BusMessage>consumer(Addresses.EVENTS, this::happened).completion(),
        bus.<BusMessage.Backend>consumer(Addresses.BACKEND, this::backend).completion());
  }

  private void happened(Message<BusMessage> told) {
    if (told.body() instanceof BusMessage.Happened news) {
      RunEvent event = news.event();
      if (event instanceof RunChange) {
        status(news.run());
      }
      open.computeIfPresent(news.run().id(), (id, before) -> news.run());
      RunGauges of = gauges.get(news.run().id());
      if (event instanceof TrainingEvent training && of != null) {
        of.take(training);
      }
      if (event instanceof Steps steps) {
        count(news.run(), steps);
      }
    } else if (told.body() instanceof BusMessage.Removed removed) {
      forget(removed.runId());
    }
  }

  private void status(Run run) {
    ended.get(run.status()).increment();
    if (run.status().hasEnded()) {
      open.remove(run.id());
      forgetOldest();
    } else {
      open.put(run.id(), run);
      gauges.computeIfAbsent(run.id(), id -> new RunGauges(run, registry, info));
    }
  }

  private void count(Run run, Steps steps) {
    Counter.builder("tandem.training.iterations")
        .description("Optimizer steps taken.")
        .tag("variant", label(run, steps.variant()))
        .register(registry)
        .increment(steps.losses().length);
    RunSettings settings = run.settings();
    Counter.builder("tandem.training.examples")
        .description("Training examples learnt from.")
        .tag("variant", label(run, steps.variant()))
        .register(registry)
        .increment(settings.examplesAfter(steps.to()) - settings.examplesAfter(steps.from() - 1));
    if (steps.seconds() != null) {
      Timer timer = stepTimer(label(run, steps.variant()));
      for (float seconds : steps.seconds()) {
        timer.record(Duration.ofNanos((long) (seconds * 1e9)));
      }
    }
  }

  private Timer stepTimer(String variant) {
    return Timer.builder("tandem.training.step")
        .description("Duration of one optimizer step.")
        .tag("variant", variant)
        .serviceLevelObjectives(STEP_BUCKETS)
        .register(registry);
  }

  /** Variants may have any name, counters may not: they go by the normalization. */
  private static String label(Run run, String variant) {
    return run.settings().variants().stream()
        .filter(of -> of.name().equals(variant))
        .map(of -> of.normalization().label())
        .findFirst()
        .orElseThrow();
  }

  private void forgetOldest() {
    List<String> endedRuns = gauges.keySet().stream().filter(id -> !open.containsKey(id)).toList();
    for (int i = 0; i < endedRuns.size() - ENDED_RUNS; i++) {
      forget(endedRuns.get(i));
    }
  }

  private void forget(String runId) {
    RunGauges of = gauges.remove(runId);
    if (of != null) {
      of.remove();
    }
  }

  private void backend(Message<BusMessage.Backend> told) {
    backend.setLabelValues(told.body().name(), told.body().reason());
  }

  private double activeTrainings() {
    return open.values().stream()
        .flatMap(run -> run.trainings().stream())
        .filter(training -> training.status() == TrainingStatus.RUNNING)
        .count();
  }

  private double queuedRuns() {
    return open.values().stream().filter(run -> run.status() == RunStatus.QUEUED).count();
  }
}
