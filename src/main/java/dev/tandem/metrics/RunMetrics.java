package dev.tandem.metrics;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunStatus;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Run events as Prometheus metrics. Gauges of a run stay while it is active and until {@value
 * #ENDED_RUNS} later runs have ended, so that even a run of a second is scraped, after a restart
 * too; then they leave. Counters and histograms go over all runs, never carry a run's name, and are
 * there from the start: a first event would be lost to {@code rate} and {@code increase} otherwise.
 */
public final class RunMetrics extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);
  private static final int ENDED_RUNS = 20;

  private final PrometheusMeterRegistry registry;
  private final Limits limits;
  private final Map<RunStatus, Counter> reached = new EnumMap<>(RunStatus.class);
  private final Map<Normalization, TrainingMeters> meters = new EnumMap<>(Normalization.class);
  private final Info backend;
  private final Info info;

  /** Runs with gauges, oldest first. Written on the event loop, read by a scrape. */
  private final Map<String, RunGauges> gauges = new LinkedHashMap<>();

  /** Status of each run that has not ended. */
  private final Map<String, Run> open = new ConcurrentHashMap<>();

  public RunMetrics(PrometheusMeterRegistry registry, Limits limits) {
    this.registry = registry;
    this.limits = limits;
    info =
        Info.builder()
            .name("tandem_run_info")
            .help("What a run was asked to do.")
            .labelNames(
                "run",
                "dataset",
                "epochs",
                "batch_size",
                "learning_rate",
                "seed",
                "training_data",
                "test_data")
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
      reached.put(
          status,
          Counter.builder("tandem.runs")
              .description("Runs that reached a status.")
              .tag("status", status.label())
              .register(registry));
    }
    for (Normalization normalization : Normalization.values()) {
      meters.put(normalization, new TrainingMeters(registry, normalization.label()));
    }
    Gauge.builder("tandem.trainings.active", this, RunMetrics::activeTrainings)
        .description("Trainings that run now.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tandem.runs.queued", this, RunMetrics::queuedRuns)
        .description("Runs that wait for a run before them to end.")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tandem.runs.queued.limit", limits, Limits::queuedRuns)
        .description("As many runs may wait; one more is refused.")
        .strongReference(true)
        .register(registry);
    var bus = vertx.eventBus();
    return Future.all(
        bus.<BusMessage>consumer(Addresses.EVENTS, this::happened).completion(),
        bus.<BusMessage.Backend>consumer(Addresses.BACKEND, this::backend).completion(),
        recall());
  }

  /** The runs of servers before this one have their gauges again; what is counted is not. */
  private Future<?> recall() {
    return vertx
        .eventBus()
        .<StoreMessage.LastOfRuns>request(
            Addresses.STORE_LAST, new StoreMessage.ReadLast(ENDED_RUNS))
        .onSuccess(answer -> answer.body().runs().forEach(this::recall))
        .onFailure(failure -> LOG.warn("no last values of ended runs: {}", failure.getMessage()))
        .otherwiseEmpty();
  }

  private void recall(StoreMessage.Events last) {
    Run run = last.run();
    RunGauges of = new RunGauges(run, registry, info);
    gauges.put(run.id(), of);
    of.recall(run.trainings());
    last.events().forEach(event -> of.take(run, event));
  }

  private void happened(Message<BusMessage> told) {
    if (told.body() instanceof BusMessage.News news) {
      news.all().forEach(this::happened);
    } else if (told.body() instanceof BusMessage.Removed removed) {
      forget(removed.runId());
    }
  }

  private void happened(BusMessage.Happened news) {
    Run run = news.run();
    RunEvent event = news.event();
    if (!run.status().hasEnded()) {
      // Whatever the event: a run that the last server left goes on without a change.
      open.put(run.id(), run);
      gauges.computeIfAbsent(run.id(), id -> new RunGauges(run, registry, info));
    }
    RunGauges of = gauges.get(run.id());
    if (of != null) {
      of.take(run, event);
    }
    if (event instanceof RunChange) {
      reached(run);
    } else if (event instanceof Steps steps) {
      TrainingPlan plan = run.settings().plan(steps.training());
      meters(plan).steps(plan, steps);
    } else if (event instanceof TrainingChange change && change.status().hasEnded()) {
      meters(run.settings().plan(change.training())).ended(change.status());
    }
  }

  private void reached(Run run) {
    if (run.status().hasEnded()) {
      open.remove(run.id());
      forgetOldest();
    }
    // Last: a scrape that counts this run finds the gauges as they are after it.
    reached.get(run.status()).increment();
  }

  /** Variants may have any name, counters may not: they go by the normalization. */
  private TrainingMeters meters(TrainingPlan plan) {
    return meters.get(plan.network().normalization());
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
