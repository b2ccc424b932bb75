package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Asking the networks of a run what they see, on a real server. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("NetworkApiTest")
class NetworkApiTest {
  private static final String SETTINGS =
      "\"trainingExamples\":600,\"testExamples\":300,\"epochs\":3,\"hiddenLayers\":[16]";

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
  void runInTraining_answers_andItsLossesStayTheSameBits() {
    String settings = "\"epochs\":20,\"testExamples\":100,\"hiddenLayers\":[32]";
    String asked =
        server.startRun("{%s,\"iterationsPerSecond\":50}".formatted(settings)).getString("id");
    Set<Integer> iterations = new TreeSet<>();
    TestServer.until(
        () -> {
          JsonObject answer = answers(asked).getJsonObject(0);
          if (answer.containsKey("iteration")) {
            iterations.add(answer.getInteger("iteration"));
            assertEquals(10, answer.getJsonArray("probabilities").size());
          }
          return iterations.size() == 4;
        });
    assertEquals("running", server.run(asked).getString("status"));
    server.post("/api/runs/" + asked + "/pace", "{\"iterationsPerSecond\":null}");
    server.awaitStatus(asked, "completed");
    String unasked = server.startRun("{%s}".formatted(settings)).getString("id");
    server.awaitStatus(unasked, "completed");
    assertEquals(losses(unasked), losses(asked));
  }

  @Test
  void endedRun_answersFromItsStoredModels_afterARestartToo() {
    String id = ended("{%s}".formatted(SETTINGS));
    JsonArray answers = answers(id);
    assertEquals("none", answers.getJsonObject(0).getString("variant"));
    assertEquals("batch", answers.getJsonObject(1).getString("variant"));
    for (int v = 0; v < 2; v++) {
      assertEquals(30, answers.getJsonObject(v).getInteger("iteration"));
      double sum = 0;
      for (Object probability : answers.getJsonObject(v).getJsonArray("probabilities")) {
        sum += ((Number) probability).doubleValue();
      }
      assertEquals(1, sum, 1e-5);
    }
    JsonObject table = table(id);
    server.close();
    server = TestServer.start(dataDir);
    assertEquals(answers, answers(id));
    assertEquals(table, table(id));
  }

  @Test
  void predictions_addUp_toWhatTheEventsSay() {
    String id = ended("{%s}".formatted(SETTINGS));
    JsonObject table = table(id);
    JsonArray labels = table.getJsonArray("labels");
    assertEquals(300, labels.size());
    // The first test images of MNIST, as everybody knows them.
    assertEquals(new JsonArray("[7,2,1,0,4]"), new JsonArray(labels.getList().subList(0, 5)));
    JsonArray trainings = server.run(id).getJsonArray("trainings");
    List<Set<Integer>> wrong = new ArrayList<>();
    for (int v = 0; v < 2; v++) {
      JsonObject column = table.getJsonArray("variants").getJsonObject(v);
      assertEquals(3, column.getInteger("epoch"));
      Set<Integer> faults = new TreeSet<>();
      int[][] confusion = new int[10][10];
      for (int i = 0; i < 300; i++) {
        int predicted = column.getJsonArray("predicted").getInteger(i);
        confusion[labels.getInteger(i)][predicted]++;
        if (predicted != labels.getInteger(i)) {
          faults.add(i);
        }
      }
      assertEquals(
          new JsonArray(io.vertx.core.json.Json.encode(confusion)),
          column.getJsonArray("confusion"));
      assertEquals(faults.size(), column.getInteger("wrong"));
      double accuracy = trainings.getJsonObject(v).getDouble("testAccuracy");
      assertEquals(accuracy, 1 - faults.size() / 300.0, 1e-9);
      wrong.add(faults);
    }
    JsonObject pair = table.getJsonArray("pairs").getJsonObject(0);
    assertEquals(new JsonArray("[\"none\",\"batch\"]"), pair.getJsonArray("variants"));
    assertEquals(
        without(wrong.get(0), wrong.get(1)), pair.getJsonArray("onlyFirstWrong").getList());
    assertEquals(
        without(wrong.get(1), wrong.get(0)), pair.getJsonArray("onlySecondWrong").getList());
    Set<Integer> both = new TreeSet<>(wrong.get(0));
    both.retainAll(wrong.get(1));
    assertEquals(List.copyOf(both), pair.getJsonArray("bothWrong").getList());
  }

  private static List<Integer> without(Set<Integer> all, Set<Integer> others) {
    return all.stream().filter(image -> !others.contains(image)).toList();
  }

  @Test
  void eachRepeat_answersForItself() {
    String id = ended("{%s,\"repeats\":2}".formatted(SETTINGS));
    JsonArray first = answers(id);
    JsonArray second = answers(id, "?repeat=2");
    assertNotEquals(first, second);
    assertEquals(2, new JsonObject(get(id, "?repeat=2").body()).getInteger("repeat"));
    HttpResponse<String> third = get(id, "?repeat=3");
    assertEquals(400, third.statusCode());
    assertTrue(
        new JsonObject(third.body())
            .getJsonObject("errors")
            .getString("repeat")
            .contains("1 to 2"));
  }

  @Test
  void trainingThatWaits_orLeftNothing_saysWhy() {
    String running =
        server
            .startRun(
                "{\"epochs\":1000,\"trainingExamples\":300,\"testExamples\":100,"
                    + "\"hiddenLayers\":[16],\"iterationsPerSecond\":50}")
            .getString("id");
    String waits = server.startRun("{\"epochs\":1}").getString("id");
    assertTrue(reason(answers(waits)).contains("has not begun"), answers(waits)::encode);
    assertTrue(reason(table(waits).getJsonArray("variants")).contains("has not begun"));
    assertNull(table(waits).getJsonArray("labels"));
    server.post("/api/runs/" + waits + "/cancel", "");
    TestServer.until(() -> table(running).getJsonArray("pairs").size() == 1);
    server.post("/api/runs/" + running + "/cancel", "");
    server.awaitStatus(running, "cancelled");
    TestServer.until(() -> answers(running).getJsonObject(0).containsKey("unavailable"));
    assertTrue(reason(answers(running)).contains("did not complete"));
    // What it took the test images for when it was last tested is still known.
    assertEquals(1, table(running).getJsonArray("pairs").size());
  }

  private static String reason(JsonArray answers) {
    return answers.getJsonObject(0).getString("unavailable");
  }

  @Test
  void faultyQuestion_isToldAllThatIsWrong() {
    String id = ended("{%s}".formatted(SETTINGS));
    String path = "/api/runs/" + id + "/predict";
    JsonArray image = new JsonArray(image());
    image.set(5, 256);
    image.set(7, "ink");
    JsonObject body = new JsonObject().put("image", image).put("x", 1);
    HttpResponse<String> answer = server.post(path + "?repeat=0", body.encode());
    assertEquals(400, answer.statusCode());
    JsonObject errors = new JsonObject(answer.body()).getJsonObject("errors");
    assertEquals(Set.of("repeat", "image[5]", "image[7]", "x"), errors.fieldNames());
    assertEquals(400, server.post(path, "{\"image\":[1,2]}").statusCode());
    assertEquals(400, server.post(path, "{}").statusCode());
    assertEquals(400, server.post(path, "[]").statusCode());
    assertEquals(415, server.post(path, "{}", "text/plain").statusCode());
    String sound = "{\"image\":" + image() + "}";
    assertEquals(404, server.post("/api/runs/nope/predict", sound).statusCode());
    assertEquals(404, server.get("/api/runs/nope/predictions").statusCode());
  }

  @Test
  void testImages_comeWithTheirLabels_andNothingIsDownloadedForThem() {
    JsonObject images =
        new JsonObject(server.get("/api/datasets/mnist/test?from=1&count=2").body());
    assertEquals(new JsonArray("[2,1]"), images.getJsonArray("labels"));
    byte[] pixels = Base64.getDecoder().decode(images.getString("pixels"));
    assertEquals(2 * 784, pixels.length);
    assertEquals(28, images.getInteger("width"));
    HttpResponse<String> beyond = server.get("/api/datasets/mnist/test?from=950&count=51");
    assertEquals(404, beyond.statusCode());
    assertTrue(beyond.body().contains("first 1,000 test images"), beyond.body());
    HttpResponse<String> faulty = server.get("/api/datasets/mnist/test?from=-1&count=0");
    assertEquals(
        Set.of("from", "count"),
        new JsonObject(faulty.body()).getJsonObject("errors").fieldNames());
  }

  @Test
  void deletedRun_isAskedNoMore() {
    String id = ended("{%s}".formatted(SETTINGS));
    assertTrue(answers(id).getJsonObject(0).containsKey("iteration"));
    assertEquals(204, server.delete("/api/runs/" + id).statusCode());
    HttpResponse<String> answer =
        server.post("/api/runs/" + id + "/predict", "{\"image\":" + image() + "}");
    assertEquals(404, answer.statusCode());
  }

  @Test
  void whoeverMayWatch_mayAsk_andNobodyElse(@TempDir Path open, @TempDir Path closed) {
    String sound = "{\"image\":" + image() + "}";
    try (TestServer guarded = TestServer.start(open, AccessFixture.withToken())) {
      assertEquals(404, guarded.post("/api/runs/nope/predict", sound).statusCode());
      assertEquals(401, guarded.post("/api/runs/nope/cancel", "").statusCode());
      assertEquals(401, guarded.post("/api/runs/nope/predict/x", sound).statusCode());
      assertEquals(200, guarded.get("/api/datasets/mnist/test?count=1").statusCode());
      HttpRequest foreign =
          HttpRequest.newBuilder(URI.create(guarded.url() + "/api/runs/nope/predict"))
              .headers("Content-Type", "application/json", "Origin", "http://elsewhere.example")
              .POST(HttpRequest.BodyPublishers.ofString(sound))
              .build();
      assertEquals(403, guarded.send(foreign).statusCode());
    }
    try (TestServer hidden = TestServer.start(closed, AccessFixture.allPrivate())) {
      assertEquals(401, hidden.post("/api/runs/nope/predict", sound).statusCode());
      assertEquals(401, hidden.get("/api/runs/nope/predictions").statusCode());
      assertEquals(401, hidden.get("/api/datasets/mnist/test").statusCode());
    }
  }

  @Test
  void trainModeTest_isInTheEventsAndTheCsv_ofBatchNormalizationAlone() {
    String id = ended("{%s,\"batchSize\":4,\"trainModeTest\":true}".formatted(SETTINGS));
    JsonArray events = server.events(id);
    int told = 0;
    for (int i = 0; i < events.size(); i++) {
      JsonObject event = events.getJsonObject(i);
      if (event.getString("type").equals("epoch")) {
        boolean batch = event.getString("variant").equals("batch");
        assertEquals(batch, event.containsKey("trainModeTestLoss"), event::encode);
        assertEquals(batch, event.containsKey("trainModeTestAccuracy"), event::encode);
        told += batch ? 1 : 0;
      }
    }
    assertEquals(3, told);
    List<String> rows = server.get("/api/runs/" + id + "/curves.csv").body().lines().toList();
    assertEquals(
        "variant,iteration,epoch,train_loss,test_loss,test_accuracy,test_accuracy_train_mode",
        rows.get(0));
    assertTrue(rows.get(150).matches("none,150,1,[^,]+,[^,]+,[^,]+,"), rows.get(150));
    assertTrue(rows.get(600).matches("batch,150,1,[^,]+,[^,]+,[^,]+,0\\.\\d+"), rows.get(600));
    String without = ended("{%s,\"batchSize\":4}".formatted(SETTINGS));
    assertEquals(losses(without), losses(id));
    assertFalse(server.events(without).encode().contains("trainMode"));
  }

  // ---- asking ------------------------------------------------------------------------------

  private static String image() {
    StringBuilder image = new StringBuilder("[0");
    for (int i = 1; i < 784; i++) {
      image.append(',').append(i % 28 > 12 && i % 28 < 16 && i > 112 && i < 672 ? 255 : 0);
    }
    return image.append(']').toString();
  }

  private static JsonArray answers(String id) {
    return answers(id, "");
  }

  private static JsonArray answers(String id, String query) {
    HttpResponse<String> answer =
        server.post("/api/runs/" + id + "/predict" + query, "{\"image\":" + image() + "}");
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getJsonArray("answers");
  }

  private static HttpResponse<String> get(String id, String query) {
    return server.get("/api/runs/" + id + "/predictions" + query);
  }

  private static JsonObject table(String id) {
    HttpResponse<String> answer = get(id, "");
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  private static String ended(String request) {
    String id = server.startRun(request).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  private static List<Object> losses(String id) {
    List<Object> losses = new ArrayList<>();
    for (String variant : List.of("none", "batch")) {
      JsonArray events = server.events(id);
      for (int i = 0; i < events.size(); i++) {
        JsonObject event = events.getJsonObject(i);
        if (event.getString("type").equals("steps") && event.getString("variant").equals(variant)) {
          event.getJsonArray("losses").forEach(losses::add);
        } else if (event.getString("type").equals("epoch")
            && event.getString("variant").equals(variant)) {
          losses.add(event.getDouble("testLoss"));
        }
      }
    }
    return losses;
  }
}
