package dev.tandem.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.LayerSample;
import dev.tandem.run.LayerSample.OfBatchNorm;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Run events in, Prometheus's text out: in between, a real bus and a real registry. */
class RunMetricsTest {
  private static final Pattern RUN = Pattern.compile("run=\"([^\"]+)\"");
  private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Vertx vertx;

  @BeforeEach
  void deploy() {
    vertx = Vertx.vertx();
    BusMessageCodec.register(vertx);
    TestServer.await(vertx.deployVerticle(new RunMetrics(registry, new Limits(1, 20))));
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void counters_beforeTheFirstRun_areThereAtZero() {
    Map<String, Double> values = scrape();

    assertEquals(0, values.get("tandem_runs_total{status=\"failed\"}"));
    assertEquals(0, values.get("tandem_training_examples_total{variant=\"batch\"}"));
    assertEquals(0, values.get("tandem_training_step_seconds_count{variant=\"none\"}"));
    assertEquals(0, values.get("tandem_trainings_total{status=\"diverged\",variant=\"none\"}"));
    assertEquals(20, values.get("tandem_runs_queued_limit"));
  }

  @Test
  void gauges_ofOneRun_holdItsLastValues() {
    Told told = new Told("r1", "none");
    told.status(RunStatus.QUEUED, START);
    told.status(RunStatus.RUNNING, START.plusSeconds(3));
    told.train(2.5f, 0.875);
    told.status(RunStatus.COMPLETED, START.plusMillis(4500));
    awaitEnded(1);

    Map<String, Double> values = scrape();

    String training = "{run=\"r1\",variant=\"none\"}";
    assertEquals(
        2.5, values.get("tandem_training_loss{run=\"r1\",split=\"train\",variant=\"none\"}"));
    assertEquals(
        0.875,
        values.get("tandem_training_accuracy_ratio{run=\"r1\",split=\"test\",variant=\"none\"}"));
    assertEquals(1, values.get("tandem_training_epoch" + training));
    assertEquals(2, values.get("tandem_training_iteration" + training));
    assertEquals(30_000, values.get("tandem_training_examples_per_second" + training));
    assertEquals(1, values.get("tandem_run_epochs{run=\"r1\"}"));
    double created = START.getEpochSecond();
    assertEquals(created, values.get("tandem_run_created_timestamp_seconds{run=\"r1\"}"));
    assertEquals(created + 3, values.get("tandem_run_started_timestamp_seconds{run=\"r1\"}"));
    assertEquals(created + 4.5, values.get("tandem_run_finished_timestamp_seconds{run=\"r1\"}"));
    assertEquals(1, values.get("tandem_run_status{run=\"r1\",status=\"completed\"}"));
    assertFalse(values.containsKey("tandem_run_status{run=\"r1\",status=\"running\"}"));
  }

  @Test
  void gauges_ofLayers_holdWhatWasLastSeenInEach() {
    Told told = new Told("r1", "batch");
    told.status(RunStatus.RUNNING, START);
    told.layers(0.25f);
    told.layers(0.5f);

    String layer = "layer=\"2\",%srun=\"r1\",variant=\"batch\"}";
    String dead = "tandem_layer_dead_ratio{" + layer.formatted("");
    TestServer.until(() -> scrape().getOrDefault(dead, 0.0) == 0.5);
    Map<String, Double> values = scrape();
    assertEquals(2, values.get("tandem_layer_sum_sd{" + layer.formatted("")));
    assertEquals(7, values.get("tandem_layer_input{" + layer.formatted("percentile=\"85\",")));
    assertEquals(0.125, values.get("tandem_layer_update_ratio{" + layer.formatted("")));
    assertEquals(
        16,
        values.get(
            "tandem_layer_batch_gap{layer=\"2\",run=\"r1\",statistic=\"mean\",variant=\"batch\"}"));
    assertEquals(19, values.get("tandem_layer_gamma{" + layer.formatted("")));
  }

  @Test
  void gauges_ofARunThatTheLastServerLeft_comeWithItsNextEvent() {
    Told told = new Told("r1", "none");
    told.toldToTheLastServer(RunStatus.RUNNING);

    told.train(2.5f, 0.875);

    TestServer.until(
        () -> scrape().containsKey("tandem_training_epoch{run=\"r1\",variant=\"none\"}"));
    assertEquals(1, scrape().get("tandem_run_status{run=\"r1\",status=\"running\"}"));
    assertEquals(
        START.getEpochSecond(), scrape().get("tandem_run_started_timestamp_seconds{run=\"r1\"}"));
  }

  @Test
  void trainings_activeAndTheirEnds_areCounted() {
    Told told = new Told("r1", "none");
    told.status(RunStatus.RUNNING, START);
    told.change(TrainingStatus.RUNNING);
    TestServer.until(() -> scrape().get("tandem_trainings_active") == 1);

    told.change(TrainingStatus.DIVERGED);

    TestServer.until(() -> scrape().get("tandem_trainings_active") == 0);
    assertEquals(1, scrape().get("tandem_trainings_total{status=\"diverged\",variant=\"none\"}"));
  }

  @Test
  void series_after500Runs_areThoseOfTheLast20() {
    for (int i = 100; i < 200; i++) {
      runToItsEnd(i);
    }
    awaitEnded(100);
    int series = scrape().size();

    for (int i = 200; i < 600; i++) {
      runToItsEnd(i);
    }
    awaitEnded(500);

    Map<String, Double> values = scrape();
    assertEquals(series, values.size());
    Set<String> runs =
        values.keySet().stream()
            .flatMap(name -> RUN.matcher(name).results())
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    assertEquals(20, runs.size());
    assertTrue(runs.stream().allMatch(run -> run.compareTo("r580") >= 0), runs::toString);
    // Names that users make up stay on the gauges of those runs.
    assertTrue(
        values.keySet().stream()
            .filter(name -> name.contains("variant=\"mine "))
            .allMatch(name -> name.contains("run=")));
  }

  @Test
  void counters_over500Runs_neverGoBack() {
    Map<String, Double> before = scrape();
    for (int i = 100; i < 600; i++) {
      runToItsEnd(i);
      if (i % 25 == 0) {
        Map<String, Double> now = scrape();
        before.forEach(
            (name, value) -> {
              if (name.matches(".*(_total|_count|_sum|_bucket)(\\{.*)?")) {
                assertTrue(now.get(name) >= value, name);
              }
            });
        before = now;
      }
    }
    awaitEnded(500);
    assertEquals(1000, scrape().get("tandem_training_iterations_total{variant=\"none\"}"));
  }

  @Test
  void series_ofARunThatLeftTheList_areGone() {
    runToItsEnd(100);
    runToItsEnd(101);
    awaitEnded(2);

    vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.Removed("r100"));

    TestServer.until(() -> scrape().keySet().stream().noneMatch(name -> name.contains("\"r100\"")));
    assertTrue(scrape().keySet().stream().anyMatch(name -> name.contains("\"r101\"")));
  }

  private void runToItsEnd(int number) {
    Told told = new Told("r" + number, "mine " + number);
    told.status(RunStatus.RUNNING, START.plusSeconds(number));
    told.change(TrainingStatus.RUNNING);
    told.train(1, 0.5);
    told.change(TrainingStatus.COMPLETED);
    told.status(RunStatus.COMPLETED, START.plusSeconds(number + 1));
  }

  private void awaitEnded(int runs) {
    TestServer.until(() -> scrape().get("tandem_runs_total{status=\"completed\"}") == runs);
  }

  private Map<String, Double> scrape() {
    Map<String, Double> values = new HashMap<>();
    registry
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return values;
  }

  /** What the coordinator would tell of a run of two steps with one variant. */
  private final class Told {
    private final String variant;
    private Run run;
    private long seq;

    Told(String id, String variant) {
      this.variant = variant;
      RunSettings settings =
          new SettingsBuilder()
              .data(120, 100)
              .epochs(1)
              .batchSize(60)
              .learningRate(0.001)
              .hiddenLayers(List.of(8))
              .seed(1)
              .variants(List.of(new Variant(variant, Map.of("normalization", Normalization.NONE))))
              .build();
      Training training =
          new Training(variant, 1, TrainingStatus.QUEUED, 0, 0, null, null, null, null, null);
      run =
          new Run(id, RunStatus.QUEUED, START, null, null, null, null, settings, List.of(training));
    }

    void toldToTheLastServer(RunStatus status) {
      run = run.after(new RunEvent.RunChange(++seq, status, START));
    }

    void status(RunStatus status, Instant at) {
      tell(new RunEvent.RunChange(++seq, status, at));
    }

    void change(TrainingStatus status) {
      tell(new TrainingEvent.TrainingChange(++seq, variant, 1, status, null));
    }

    void train(float loss, double accuracy) {
      float[] losses = {3, loss};
      float[] seconds = {0.001f, 0.002f};
      tell(new TrainingEvent.Steps(++seq, variant, 1, 1, losses, START.toEpochMilli(), seconds));
      tell(
          new TrainingEvent.EpochEnd(
              ++seq, variant, 1, 1, 2, 2.75, 0.5, 2.25, accuracy, 0.01, 30_000));
    }

    void layers(float dead) {
      OfBatchNorm norm = new OfBatchNorm(16, 17, 18, 19, 20, 21, 22, 23);
      LayerSample first = new LayerSample(0, 1, 2, 3, 4, 5, 6, 0, 9, 10, norm);
      LayerSample second = new LayerSample(1, 2, 3, 4, 5, 6, 7, dead, 9, 0.125f, norm);
      tell(new TrainingEvent.Layers(++seq, variant, 1, seq, List.of(first, second)));
    }

    private void tell(RunEvent event) {
      run = run.after(event);
      vertx
          .eventBus()
          .publish(
              Addresses.EVENTS, new BusMessage.News(List.of(new BusMessage.Happened(run, event))));
    }
  }
}
