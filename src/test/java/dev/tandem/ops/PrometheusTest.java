package dev.tandem.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A real Prometheus scrapes a real server, with the repository's configuration: every query of
 * every dashboard and rule is to have an answer.
 *
 * <p>Before the tests, the server lives through what the dashboards and alerts are for: a run that
 * fails, one that diverges, a full queue, and last a run that goes well and is watched.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("PrometheusTest")
class PrometheusTest {
  private static final String[] ENDED = {"completed", "failed", "cancelled"};

  private static final String FAILS = "{\"trainingExamples\":6000,\"epochs\":1}";
  private static final String DIVERGES =
      """
      {"trainingExamples":300,"testExamples":100,"epochs":1,"learningRate":10,
       "hiddenLayers":[512,512,512,512,512,512,512,512,512,512,512,512,512,512]}""";

  /** It outlasts the test, since it takes a step in ten seconds. */
  private static final String LASTS = "{\"epochs\":1000,\"iterationsPerSecond\":0.1}";

  private static final String SEED_EXPERIMENT = "{}";

  /** The first becomes the second after a while. */
  private static final List<String> RAISED = List.of("pending", "firing");

  @TempDir static Path dataDir;
  @TempDir static Path prometheusDir;

  private static TestServer server;
  private static Prometheus prometheus;
  private static String newest;

  @BeforeAll
  static void live() throws Exception {
    URI nowhere = URI.create("http://127.0.0.1:1/");
    server = TestServer.start(dataDir, 1, List.of(nowhere));
    prometheus = Prometheus.start(prometheusDir, server.port());
    Await.until("a first scrape", () -> prometheus.value("tandem_runs_queued"), v -> v == 0);

    System.gc();
    assertEquals("failed", server.awaitStatus(submit(FAILS), ENDED).getString("status"));
    JsonObject diverged = server.awaitStatus(submit(DIVERGES), ENDED);
    assertTrue(diverged.encode().contains("\"diverged\""), diverged::encode);
    fillQueue();
    newest = submit(SEED_EXPERIMENT);
    TestServer.Frames viewer = server.follow("/api/runs/" + newest + "/live");
    assertEquals("completed", server.awaitStatus(newest, ENDED).getString("status"));
    TestServer.await(viewer.socket().close());
    assertEquals(204, server.post("/api/page-delays", "{\"seconds\":[0.04,0.06]}").statusCode());
  }

  @AfterAll
  static void end() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** One run that lasts, as many behind it as may wait, and one more. */
  private static void fillQueue() throws Exception {
    List<String> runs = new ArrayList<>();
    runs.add(submit(LASTS));
    int limit = (int) prometheus.value("tandem_runs_queued_limit");
    for (int i = 0; i < limit; i++) {
      runs.add(submit(LASTS));
    }
    assertEquals(503, server.post("/api/runs", LASTS).statusCode());
    Await.until(
        "the alert for a full queue",
        () -> prometheus.alertStates().get("TandemQueueFull"),
        RAISED::contains);
    for (int i = runs.size() - 1; i >= 0; i--) {
      assertEquals(202, server.post("/api/runs/" + runs.get(i) + "/cancel", "").statusCode());
    }
    server.awaitStatus(runs.get(0), "cancelled");
  }

  @Test
  @Order(1)
  void expressions_ofAllDashboards_haveData() throws Exception {
    Map<String, List<String>> faults =
        Await.until(
            "data for every query",
            () -> {
              Map<String, List<String>> found = new TreeMap<>();
              for (Dashboard dashboard : Dashboard.all()) {
                found.putAll(faults(dashboard));
              }
              return found;
            },
            Map::isEmpty);
    assertEquals(Map.of(), faults);
  }

  @Test
  @Order(1)
  void variables_ofAllDashboards_haveChoicesNewestRunFirst() throws Exception {
    for (Dashboard dashboard : Dashboard.all()) {
      Map<String, List<String>> options = Variables.defaults(dashboard, prometheus).options();
      options.forEach((name, values) -> assertFalse(values.isEmpty(), dashboard.file() + name));
      if (options.containsKey("run")) {
        assertEquals(newest, options.get("run").get(0));
      }
    }
  }

  @Test
  @Order(1)
  void panel_whoseMetricIsRenamed_isFoundFaulty() throws Exception {
    Dashboard race =
        Dashboard.parse(
            "race.json",
            Repository.read(Repository.GRAFANA.resolve("dashboards/race.json"))
                .replace("tandem_training_accuracy_ratio", "tandem_training_accuracy_percent")
                .replace("tandem_run_finished_timestamp_seconds{", "tandem_run_end_seconds{"));

    Map<String, List<String>> faults = faults(race);

    assertEquals(
        List.of("unknown metric tandem_training_accuracy_percent", "no data"),
        faults.get("race.json, panel \"Test accuracy\", query A"));
    // Here an "or" would hide it.
    assertEquals(
        List.of("unknown metric tandem_run_end_seconds"),
        faults.get("race.json, panel \"Time taken\", query A"));
  }

  @Test
  @Order(1)
  void panel_whoseExpressionDoesNotParse_isFoundFaulty() throws Exception {
    Dashboard broken =
        Dashboard.parse(
            "broken.json",
            "{\"panels\":[{\"type\":\"stat\",\"title\":\"Up\",\"targets\":[{\"refId\":\"A\",\"expr\":\"sum(up\"}]}]}");

    Map<String, List<String>> faults = faults(broken);

    assertTrue(faults.toString().contains("parse error"), faults::toString);
  }

  @Test
  @Order(1)
  void rules_afterWhatTheServerLivedThrough_areInTheirStates() throws Exception {
    Map<String, String> expected =
        Map.of(
            "TandemDown", "inactive",
            "TandemRunFailed", "firing",
            "TandemTrainingDiverged", "firing",
            "TandemQueueFull", "inactive");

    Map<String, String> states =
        Await.until(
            "alerts",
            prometheus::alertStates,
            now -> now.entrySet().containsAll(expected.entrySet()));
    // On a machine that is busy with other things it may be on the way.
    assertTrue(List.of("inactive", "pending").contains(states.get("TandemDelayHigh")));
    for (JsonNode rule : prometheus.rules()) {
      assertEquals("ok", rule.path("health").asText(), rule::toString);
      // What is compared has data even where the comparison doesn't hold.
      String compared = rule.path("query").asText().split(" (==|>=|>) ")[0];
      assertEquals(List.of(), prometheus.faults(compared, false), compared);
      assertEquals(List.of(), prometheus.unknownMetrics(rule.path("query").asText()));
    }
  }

  @Test
  @Order(1)
  void metrics_checkedByPromtool_pass() throws Exception {
    String metrics = server.get("/metrics").body();

    assertPasses(metrics, List.of("check", "metrics"));
  }

  @Test
  @Order(1)
  void configurationAndRules_checkedByPromtool_pass() throws Exception {
    assertPasses("", List.of("check", "config", "prometheus.yml"));
    assertPasses("", List.of("check", "rules", "alerts.yml"));
    assertPasses("", List.of("test", "rules", "alerts-test.yml"));
  }

  @Test
  @Order(2)
  void downAlert_onceTheServerIsGone_isRaised() throws Exception {
    server.close();
    server = null;

    Await.until("the alert", () -> prometheus.alertStates().get("TandemDown"), RAISED::contains);
  }

  private static Map<String, List<String>> faults(Dashboard dashboard) throws Exception {
    Variables variables = Variables.defaults(dashboard, prometheus);
    Map<String, List<String>> found = new TreeMap<>();
    for (Dashboard.Expression expression : dashboard.expressions()) {
      for (String query : variables.queries(expression)) {
        List<String> faults = prometheus.faults(query, expression.instant());
        if (!faults.isEmpty()) {
          found.put(expression.where(), faults);
        }
      }
    }
    return found;
  }

  private static void assertPasses(String input, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(arguments);
    command.add(0, Tool.required("promtool", "prometheus").toString());
    Tool.Result result = Tool.run(Repository.GRAFANA, input, command);
    assertEquals(0, result.status(), result::output);
  }

  private static String submit(String settings) {
    return server.startRun(settings).getString("id");
  }
}
