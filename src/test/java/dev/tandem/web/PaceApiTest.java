package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is held back so that it can be watched. */
class PaceApiTest {
  private static final String SETTINGS =
      "\"trainingExamples\":300,\"testExamples\":100,\"epochs\":4,\"hiddenLayers\":[16]";

  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(dataDir);
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Test
  void pacedRun_learnsTheSame() {
    JsonObject paced = ended("{%s,\"iterationsPerSecond\":40}".formatted(SETTINGS));
    JsonObject free = ended("{%s}".formatted(SETTINGS));
    assertEquals(curves(free), curves(paced));
  }

  @Test
  @Tag("load")
  void pacedRun_takesItsTime_andItsSpeedIsThatOfItsSteps() {
    JsonObject paced = ended("{%s,\"iterationsPerSecond\":20}".formatted(SETTINGS));
    for (int i = 0; i < 2; i++) {
      // 60 images a batch at 20 batches a second are 1,200 a second; the steps are faster.
      double speed =
          paced.getJsonArray("trainings").getJsonObject(i).getDouble("examplesPerSecond");
      System.out.printf("a run at 20 iterations a second: %.0f examples/s in its steps%n", speed);
      assertTrue(speed > 2400, speed + " examples/s");
    }
    for (Object event : server.events(paced.getString("id"))) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("epoch") && of.getInteger("epoch") == 4) {
        assertTrue(of.getDouble("elapsedSeconds") > 19 / 20.0 - 0.1, of::encode);
      }
    }
  }

  @Test
  void slowestRun_isCancelled_thoughItsNextStepIsNotDue() {
    String id = started("0.1");
    assertEquals(202, server.post("/api/runs/" + id + "/cancel", "").statusCode());
    server.awaitStatus(id, "cancelled");
  }

  @Test
  void livePace_isSetForAllTrainings_alsoThoseThatWait_andAskedFor() {
    String id = started("0.1");
    assertEquals(0.1, pace(server.get("/api/runs/" + id + "/pace").body()));
    var answer = server.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":null}");
    assertEquals("{\"iterationsPerSecond\":null}", answer.body());
    assertEquals("{\"iterationsPerSecond\":null}", server.get("/api/runs/" + id + "/pace").body());
    JsonObject run = server.awaitStatus(id, "completed");
    assertEquals(0.1, run.getJsonObject("settings").getDouble("iterationsPerSecond"));
    assertEquals(409, server.post("/api/runs/" + id + "/pace", answer.body()).statusCode());
    assertEquals(409, server.get("/api/runs/" + id + "/pace").statusCode());
    assertEquals(
        404, server.post("/api/runs/20261122-231502-417-k3f9/pace", answer.body()).statusCode());
  }

  @Test
  void paceOfAQueuedRun_isThatOfItsBeginning() {
    String first = started("0.1");
    String second = server.startRun("{%s}".formatted(SETTINGS)).getString("id");
    assertEquals("queued", server.run(second).getString("status"));
    server.post("/api/runs/" + second + "/pace", "{\"iterationsPerSecond\":0.1}");
    server.post("/api/runs/" + first + "/cancel", "");
    server.awaitStatus(second, "running");
    TestServer.until(() -> server.events(second).encode().contains("\"steps\""));
    assertEquals(0.1, pace(server.get("/api/runs/" + second + "/pace").body()));
    assertEquals(202, server.post("/api/runs/" + second + "/cancel", "").statusCode());
    server.awaitStatus(second, "cancelled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"iterationsPerSecond\":0}",
        "{\"iterationsPerSecond\":10001}",
        "{\"iterationsPerSecond\":\"fast\"}",
        "{}",
        "{\"iterationsPerSecond\":5,\"speed\":1}",
      })
  void faultyPace_isRefusedAtItsField(String request) {
    var answer = server.post("/api/runs/20261122-231502-417-k3f9/pace", request);
    assertEquals(400, answer.statusCode());
    JsonObject errors = new JsonObject(answer.body()).getJsonObject("errors");
    assertTrue(errors.size() == 1, answer.body());
  }

  @Test
  void faultyPaceOfANewRun_isRefusedInWords() {
    var answer = server.post("/api/runs", "{\"iterationsPerSecond\":0,\"lens\":1}");
    JsonObject errors = new JsonObject(answer.body()).getJsonObject("errors");
    assertEquals(
        "must be a number from 0.1 to 10,000, not 0", errors.getString("iterationsPerSecond"));
    assertEquals("must be true or false, not 1", errors.getString("lens"));
  }

  private static String started(String pace) {
    String id =
        server
            .startRun("{%s,\"repeats\":2,\"iterationsPerSecond\":%s}".formatted(SETTINGS, pace))
            .getString("id");
    TestServer.until(() -> server.events(id).encode().contains("\"steps\""));
    return id;
  }

  private static double pace(String json) {
    return new JsonObject(json).getDouble("iterationsPerSecond");
  }

  private static JsonObject ended(String request) {
    String id = server.startRun(request).getString("id");
    return server.awaitStatus(id, "completed", "failed");
  }

  private static String curves(JsonObject run) {
    return server.get("/api/runs/" + run.getString("id") + "/curves.csv").body();
  }
}
