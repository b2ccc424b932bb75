package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that trains each variant several times, on a real server. */
class RepeatsTest {
  private static final String SETTINGS =
      "\"trainingExamples\":300,\"testExamples\":100,\"epochs\":2,\"batchSize\":30,"
          + "\"hiddenLayers\":[16]";

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
  void eachRepeat_isARunWithTheNextSeed_bitForBit() {
    JsonObject run = ended("{%s,\"seed\":5,\"repeats\":3}".formatted(SETTINGS));
    assertEquals("completed", run.getString("status"));
    JsonArray trainings = run.getJsonArray("trainings");
    List<String> order = new ArrayList<>();
    for (int i = 0; i < trainings.size(); i++) {
      JsonObject training = trainings.getJsonObject(i);
      order.add(training.getString("variant") + training.getInteger("repeat"));
      assertEquals("completed", training.getString("status"));
      assertEquals(20, training.getInteger("iteration"));
    }
    assertEquals(List.of("none1", "batch1", "none2", "batch2", "none3", "batch3"), order);
    for (int repeat = 1; repeat <= 3; repeat++) {
      JsonObject alone = ended("{%s,\"seed\":%d}".formatted(SETTINGS, 4 + repeat));
      for (String variant : List.of("none", "batch")) {
        List<Object> losses = losses(run, variant, repeat);
        assertEquals(20, losses.size());
        assertEquals(losses(alone, variant, 1), losses);
      }
    }
    assertNotEquals(losses(run, "none", 1), losses(run, "none", 2));
  }

  @Test
  void curvesAndModels_tellRepeatsApart() {
    String id = ended("{%s,\"repeats\":2}".formatted(SETTINGS)).getString("id");
    List<String> rows = server.get("/api/runs/" + id + "/curves.csv").body().lines().toList();
    assertEquals("variant,iteration,epoch,train_loss,test_loss,test_accuracy,repeat", rows.get(0));
    assertEquals(1 + 4 * 20, rows.size());
    assertTrue(rows.get(1).startsWith("none,1,1,") && rows.get(1).endsWith(",1"), rows.get(1));
    assertTrue(rows.get(80).startsWith("batch,20,2,") && rows.get(80).endsWith(",2"), rows.get(80));
    assertEquals(200, server.get("/api/runs/" + id + "/models/batch?repeat=2").statusCode());
    assertEquals(404, server.get("/api/runs/" + id + "/models/batch?repeat=3").statusCode());
    assertEquals(400, server.get("/api/runs/" + id + "/models/batch?repeat=21").statusCode());
  }

  @Test
  void cancel_endsRepeatsThatHaveNotBegun() {
    JsonObject started = server.startRun("{\"epochs\":1000,\"repeats\":20}");
    String id = started.getString("id");
    server.awaitStatus(id, "running");
    assertEquals(202, server.post("/api/runs/" + id + "/cancel", "").statusCode());
    JsonArray trainings = server.awaitStatus(id, "cancelled").getJsonArray("trainings");
    assertEquals(40, trainings.size());
    for (int i = 0; i < 40; i++) {
      assertEquals("cancelled", trainings.getJsonObject(i).getString("status"));
    }
  }

  @Test
  void tooManyIterationsOverAllRepeats_areRefusedAtTheField() {
    var answer = server.post("/api/runs", "{\"epochs\":1000,\"batchSize\":10,\"repeats\":20}");
    assertEquals(400, answer.statusCode());
    assertTrue(
        new JsonObject(answer.body())
            .getJsonObject("errors")
            .getString("repeats")
            .contains("20,000,000 iterations over all trainings; at most 4,000,000"),
        answer.body());
  }

  private static JsonObject ended(String request) {
    String id = server.startRun(request).getString("id");
    return server.awaitStatus(id, "completed", "failed");
  }

  private static List<Object> losses(JsonObject run, String variant, int repeat) {
    List<Object> losses = new ArrayList<>();
    JsonArray events = server.events(run.getString("id"));
    for (int i = 0; i < events.size(); i++) {
      JsonObject event = events.getJsonObject(i);
      if (event.getString("type").equals("steps")
          && event.getString("variant").equals(variant)
          && event.getInteger("repeat") == repeat) {
        event.getJsonArray("losses").forEach(losses::add);
      }
    }
    return losses;
  }
}
