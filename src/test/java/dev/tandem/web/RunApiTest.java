package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP contract, on the whole server. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("RunApiTest")
class RunApiTest {
  private static final String SMALL =
      "{\"trainingExamples\":300,\"testExamples\":100,\"epochs\":2,\"hiddenLayers\":[16]}";
  private static final String LONG = "{\"epochs\":1000,\"hiddenLayers\":[256,128]}";

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
  void emptyRequest_isTheSeedExperiment() {
    HttpResponse<String> answer = server.post("/api/runs", "{}");
    assertEquals(201, answer.statusCode());
    JsonObject run = new JsonObject(answer.body());
    assertEquals(
        "/api/runs/" + run.getString("id"), answer.headers().firstValue("location").orElseThrow());
    assertEquals(
        new JsonObject(
            """
            {"dataset":"mnist","trainingExamples":5000,"testExamples":1000,"epochs":10,
             "batchSize":60,"network":"mlp","hiddenLayers":[128,64],"activation":"relu",
             "normalization":"none","dropout":0.0,"initialScale":1.0,"optimizer":"adam",
             "learningRate":0.001,"momentum":0.9,"weightDecay":0.0,"seed":1,
             "repeats":1,"lens":true,"trainModeTest":false,
             "variants":[{"name":"none","normalization":"none"},
                         {"name":"batch","normalization":"batch"}]}"""),
        run.getJsonObject("settings"));
    JsonObject ended = server.awaitStatus(run.getString("id"), "completed");
    for (int i = 0; i < 2; i++) {
      JsonObject training = ended.getJsonArray("trainings").getJsonObject(i);
      assertEquals("completed", training.getString("status"));
      assertEquals(10, training.getInteger("epoch"));
      assertEquals(840, training.getInteger("iteration"));
      assertTrue(training.getDouble("testAccuracy") > 0.85);
      assertTrue(training.getDouble("examplesPerSecond") > 0);
      assertNull(training.getString("message"));
    }
    assertFalse(ended.getString("startedAt").isEmpty());
    assertFalse(ended.getString("finishedAt").isEmpty());
  }

  @Test
  void sameRequestTwice_givesTheSameLosses_bitForBit() {
    List<List<String>> curves = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String id = server.startRun("{\"epochs\":2,\"seed\":7}").getString("id");
      server.awaitStatus(id, "completed");
      curves.add(server.get("/api/runs/" + id + "/curves.csv").body().lines().toList());
    }
    assertEquals(2 * 168 + 1, curves.get(0).size());
    assertEquals(curves.get(0), curves.get(1));
  }

  @Test
  void anotherSeed_givesOtherLosses() {
    List<String> curves = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      JsonObject request = new JsonObject(SMALL).put("seed", seed);
      String id = server.startRun(request.encode()).getString("id");
      server.awaitStatus(id, "completed");
      curves.add(server.get("/api/runs/" + id + "/curves.csv").body());
    }
    assertNotEquals(curves.get(0), curves.get(1));
  }

  @Test
  void curves_haveEveryIteration_andTestFiguresAtEpochEnds() {
    String id = server.startRun(SMALL).getString("id");
    server.awaitStatus(id, "completed");
    HttpResponse<String> answer = server.get("/api/runs/" + id + "/curves.csv");
    assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith("text/csv"));
    List<String> lines = answer.body().lines().toList();
    assertEquals("variant,iteration,epoch,train_loss,test_loss,test_accuracy", lines.get(0));
    assertEquals(1 + 2 * 10, lines.size());
    assertTrue(lines.get(4).matches("none,4,1,\\d+\\.\\d+(E-\\d+)?,,"), lines.get(4));
    assertTrue(
        lines.get(5).matches("none,5,1,\\d+\\.\\d+(E-\\d+)?,\\d+\\.\\d+,\\d\\.\\d+"), lines.get(5));
    assertTrue(lines.get(20).startsWith("batch,10,2,"), lines.get(20));
  }

  @Test
  void faultyFields_areAllNamedAtOnce() {
    HttpResponse<String> answer =
        server.post(
            "/api/runs",
            """
            {"epochs":0,"batchSize":"many","learningRate":-1,"hiddenLayers":[128,0],"seed":1.5,
             "dataset":"cifar","colour":"red",
             "variants":[{"normalization":"none"},{"normalization":"group","learningRate":0},{}],
             "optimizer":"adagrad","dropout":1,"momentum":-0.1,"weightDecay":2}""");
    assertEquals(400, answer.statusCode());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElseThrow());
    JsonObject problem = new JsonObject(answer.body());
    JsonObject errors = problem.getJsonObject("errors");
    assertEquals(
        Set.of(
            "epochs",
            "batchSize",
            "learningRate",
            "hiddenLayers[1]",
            "seed",
            "dataset",
            "colour",
            "variants[1].normalization",
            "variants[1].learningRate",
            "optimizer",
            "dropout",
            "momentum",
            "weightDecay"),
        errors.fieldNames(),
        problem.encodePrettily());
    assertEquals("must be a whole number from 1 to 1,000, not 0", errors.getString("epochs"));
    assertEquals(
        "must be a whole number from 1 to 10,000, not \"many\"", errors.getString("batchSize"));
    assertEquals(
        "must be a number above 0 and at most 1000, not -1", errors.getString("learningRate"));
    assertEquals(
        "must be \"mnist\" or \"fashion-mnist\", not \"cifar\"", errors.getString("dataset"));
    assertTrue(errors.getString("colour").startsWith("is not a field here; known are "));
    assertEquals(
        "must be \"none\", \"batch\" or \"layer\", not \"group\"",
        errors.getString("variants[1].normalization"));
    assertEquals("must be a number from 0 to less than 1, not 1", errors.getString("dropout"));
    assertEquals("must be a number from 0 to 1, not 2", errors.getString("weightDecay"));
    assertEquals(13, errors.size());
    assertEquals("13 fields are wrong.", problem.getString("detail"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"batchSize\":1}|batchSize",
        "{\"batchSize\":4999}|batchSize",
        "{\"trainingExamples\":1,\"batchSize\":2}|trainingExamples",
        "{\"epochs\":1000,\"batchSize\":2,\"trainingExamples\":60000}|epochs",
        "{\"hiddenLayers\":[4096,4096]}|hiddenLayers",
        "{\"variants\":[{\"name\":\"a\"},{\"name\":\"a\",\"normalization\":\"batch\"}]}|variants[1].name",
        "{\"variants\":[{\"normalization\":\"none\"}]}|variants",
        "{\"variants\":[{\"normalization\":\"none\",\"name\":\"=b\"},{\"normalization\":\"batch\"}]}|variants[0].name",
        "{\"hiddenLayers\":[]}|hiddenLayers",
        "{\"hiddenLayers\":64}|hiddenLayers",
        "{\"seed\":-1}|seed",
        "{\"seed\":9007199254740993}|seed",
        "{\"learningRate\":null}|learningRate",
        "{\"epochs\":1e99}|epochs",
        "{\"variants\":{\"0\":{}}}|variants"
      })
  void faultyField_isNamed(String request, String field) {
    HttpResponse<String> answer = server.post("/api/runs", request);
    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(
        Set.of(field),
        new JsonObject(answer.body()).getJsonObject("errors").fieldNames(),
        answer.body());
  }

  @Test
  void ruleBetweenFields_isSaid_besideFaultyFields() {
    HttpResponse<String> answer =
        server.post("/api/runs", "{\"epochs\":0,\"trainingExamples\":301,\"batchSize\":60}");
    JsonObject errors = new JsonObject(answer.body()).getJsonObject("errors");
    assertEquals(Set.of("epochs", "batchSize"), errors.fieldNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "17", "\"{}\"", "null", "{} {}", "{\"epochs\":}"})
  void bodyThatIsNoObject_isRefused(String body) {
    HttpResponse<String> answer = server.post("/api/runs", body);
    assertEquals(400, answer.statusCode(), answer.body());
    JsonObject problem = new JsonObject(answer.body());
    assertEquals(400, problem.getInteger("status"));
    assertTrue(problem.getString("detail").startsWith("The request "), answer.body());
    assertFalse(answer.body().contains("Exception"));
    assertFalse(answer.body().contains("io.vertx"));
  }

  @Test
  void bodyOfAnotherType_is415() {
    assertEquals(415, server.post("/api/runs", "epochs=1", "text/plain").statusCode());
    assertEquals(
        201, server.post("/api/runs", SMALL, "application/json; charset=utf-8").statusCode());
  }

  @Test
  void bodyTooLarge_is413() {
    String body = "{\"dataset\":\"" + "x".repeat(70_000) + "\"}";
    HttpResponse<String> answer = server.post("/api/runs", body);
    assertEquals(413, answer.statusCode());
    assertEquals(413, new JsonObject(answer.body()).getInteger("status"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs/nope",
        "/api/runs/nope/events",
        "/api/runs/nope/curves.csv",
        "/api/runs/nope/models/none",
        "/api/nothing",
        "/../pom.xml",
        "/%2e%2e/pom.xml"
      })
  void unknownAddress_is404(String path) {
    HttpResponse<String> answer = server.get(path);
    assertEquals(404, answer.statusCode());
    assertEquals(404, new JsonObject(answer.body()).getInteger("status"));
  }

  @Test
  void wrongMethod_is405() {
    assertEquals(405, server.post("/api/schema", "{}").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=many", "limit=201"})
  void listWithBadNumbers_is400(String query) {
    HttpResponse<String> answer = server.get("/api/runs?" + query);
    assertEquals(400, answer.statusCode());
    assertTrue(new JsonObject(answer.body()).getJsonObject("errors").containsKey("limit"));
  }

  @Test
  void cancelledRun_stopsSoon_andCannotBeCancelledAgain() {
    String id = server.startRun(LONG).getString("id");
    TestServer.until(
        () ->
            server.run(id).getJsonArray("trainings").getJsonObject(0).getInteger("iteration") > 0);
    assertEquals(409, server.delete("/api/runs/" + id).statusCode());
    assertEquals(202, server.post("/api/runs/" + id + "/cancel", "").statusCode());
    JsonObject run = server.awaitStatus(id, "cancelled");
    for (Object training : run.getJsonArray("trainings")) {
      assertEquals("cancelled", ((JsonObject) training).getString("status"));
    }
    assertEquals(409, server.post("/api/runs/" + id + "/cancel", "").statusCode());
    assertEquals(204, server.delete("/api/runs/" + id).statusCode());
    assertEquals(404, server.get("/api/runs/" + id).statusCode());
    assertEquals(404, server.delete("/api/runs/" + id).statusCode());
  }

  @Test
  void queue_takesTwentyRuns_andRefusesMoreUntilThereIsRoom() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      ids.add(server.startRun(LONG).getString("id"));
    }
    assertEquals("running", server.awaitStatus(ids.get(0), "running").getString("status"));
    assertEquals("queued", server.run(ids.get(20)).getString("status"));
    HttpResponse<String> refused = server.post("/api/runs", "{}");
    assertEquals(503, refused.statusCode());
    assertTrue(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()) > 0);
    assertTrue(
        new JsonObject(refused.body()).getString("detail").startsWith("20 runs are waiting"));
    for (int i = ids.size() - 1; i >= 0; i--) {
      assertEquals(202, server.post("/api/runs/" + ids.get(i) + "/cancel", "").statusCode());
    }
    server.awaitStatus(ids.get(0), "cancelled");
    assertEquals("cancelled", server.run(ids.get(20)).getString("status"));

    JsonArray page = runs("/api/runs?limit=5");
    assertEquals(5, page.size());
    assertEquals(ids.get(20), page.getJsonObject(0).getString("id"));
    JsonArray older = runs("/api/runs?limit=5&before=" + page.getJsonObject(4).getString("id"));
    assertEquals(ids.get(15), older.getJsonObject(0).getString("id"));
  }

  private static JsonArray runs(String path) {
    return new JsonObject(server.get(path).body()).getJsonArray("runs");
  }

  @Test
  void divergedTraining_saysWhere_andTheOtherGoesOn() {
    JsonObject request =
        new JsonObject(SMALL)
            .put("epochs", 30)
            .put(
                "variants",
                new JsonArray(
                    """
                    [{"normalization":"none","name":"wild","learningRate":1000},
                     {"normalization":"none","name":"tame"}]"""));
    request.put("hiddenLayers", new JsonArray(Collections.nCopies(16, 64)));
    String id = server.startRun(request.encode()).getString("id");
    JsonObject run = server.awaitStatus(id, "completed");
    JsonObject wild = run.getJsonArray("trainings").getJsonObject(0);
    assertEquals("diverged", wild.getString("status"), run.encodePrettily());
    assertTrue(
        wild.getString("message").contains("iteration " + wild.getInteger("iteration")),
        wild.getString("message"));
    assertEquals("completed", run.getJsonArray("trainings").getJsonObject(1).getString("status"));
    JsonArray events = server.events(id);
    Float last = null;
    boolean seen = false;
    for (Object event : events) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("steps") && of.getString("variant").equals("wild")) {
        JsonArray losses = of.getJsonArray("losses");
        last = losses.getFloat(losses.size() - 1);
        seen = true;
      }
    }
    assertTrue(seen);
    assertNull(last);
  }

  @Test
  void schema_isWhatTheServerJudgesBy() {
    JsonObject schema = new JsonObject(server.get("/api/schema").body());
    JsonObject epochs = schema.getJsonObject("properties").getJsonObject("epochs");
    assertEquals(10, epochs.getInteger("default"));
    int tooMany = epochs.getInteger("maximum") + 1;
    assertEquals(400, server.post("/api/runs", "{\"epochs\":" + tooMany + "}").statusCode());
  }

  @Test
  void health_isUp() {
    assertEquals(200, server.get("/health/live").statusCode());
    HttpResponse<String> ready = server.get("/health/ready");
    assertEquals(200, ready.statusCode());
    assertEquals("up", new JsonObject(ready.body()).getString("status"));
  }

  @Test
  void page_comesWithItsPolicy() {
    HttpResponse<String> page = server.get("/");
    assertEquals(200, page.statusCode());
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertTrue(policy.contains("script-src 'self'"));
    assertFalse(policy.contains("unsafe"));
    assertEquals(200, server.get("/vendor/uplot/uPlot.esm.js").statusCode());
  }
}
