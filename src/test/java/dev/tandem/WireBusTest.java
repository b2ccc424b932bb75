package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.WireCodec;
import dev.tandem.web.Access;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server with a bus on which every message is encoded and decoded, as between machines:
 * what users see is what they see of the one that passes them by reference.
 */
class WireBusTest {
  private static final String SMALL =
      "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":3,\"hiddenLayers\":[16,8],"
          + "\"trainModeTest\":true,\"repeats\":2}";

  /** One variant's losses become infinite. */
  private static final String WILD =
      "{\"trainingExamples\":300,\"testExamples\":100,\"epochs\":20,"
          + "\"hiddenLayers\":[64,64,64,64,64,64,64,64,64,64,64,64],\"variants\":["
          + "{\"name\":\"wild\",\"normalization\":\"none\",\"learningRate\":1000},"
          + "{\"name\":\"tame\",\"normalization\":\"none\"}]}";

  private static final String SLOW =
      "{\"epochs\":100,\"testExamples\":100,\"hiddenLayers\":[16],\"iterationsPerSecond\":40}";

  @TempDir static Path wiresDir;
  @TempDir static Path plainDir;
  private static TestServer wires;
  private static TestServer plain;

  @BeforeAll
  static void startServers() {
    wires = startOnWires();
    plain = TestServer.start(plainDir);
  }

  @AfterAll
  static void closeServers() {
    wires.close();
    plain.close();
  }

  private static TestServer startOnWires() {
    return TestServer.startOnWires(
        TestServer.settings(
            "127.0.0.1", wiresDir, 1, Optional.empty(), List.of(), Access.DEFAULTS));
  }

  @Test
  void run_isTheSame_inAllThatIsToldOfIt() throws Exception {
    long before = WireCodec.carried();
    String id = wires.startRun(SMALL).getString("id");
    JsonArray live = wires.follow("/api/runs/" + id + "/live").untilEnd();
    String other = ended(plain, SMALL);
    assertTrue(WireCodec.carried() - before > 10);
    for (String part : List.of("curves.csv", "layers.csv")) {
      assertEquals(
          plain.get("/api/runs/" + other + "/" + part).body(),
          wires.get("/api/runs/" + id + "/" + part).body());
    }
    assertEquals(rest(plain.events(other)), rest(wires.events(id)));
    assertEquals(rest(wires.events(id)), rest(live));
    assertEquals(standing(plain.run(other)), standing(wires.run(id)));
    assertArrayEquals(model(plain, other), model(wires, id));
    String drawn = "{\"image\":" + new JsonArray(Collections.nCopies(784, 99)) + "}";
    assertEquals(
        plain.post("/api/runs/" + other + "/predict?repeat=2", drawn).body(),
        wires.post("/api/runs/" + id + "/predict?repeat=2", drawn).body());
    assertEquals(
        plain.get("/api/runs/" + other + "/predictions?repeat=2").body(),
        wires.get("/api/runs/" + id + "/predictions?repeat=2").body());
    String images = "/api/datasets/mnist/test?from=10&count=5";
    assertEquals(plain.get(images).body(), wires.get(images).body());
  }

  @Test
  void training_thatDiverges_saysSo_andItsLastLossIsNone() {
    String id = ended(wires, WILD);
    String other = ended(plain, WILD);
    assertEquals(standing(plain.run(other)), standing(wires.run(id)));
    assertEquals(
        plain.get("/api/runs/" + other + "/curves.csv").body(),
        wires.get("/api/runs/" + id + "/curves.csv").body());
    JsonObject last = null;
    for (Object event : wires.events(id)) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("steps") && of.getString("variant").equals("wild")) {
        last = of;
      }
    }
    JsonArray losses = last.getJsonArray("losses");
    assertNull(losses.getFloat(losses.size() - 1));
  }

  @Test
  void runThatIsPaced_namedAndStopped_goesOnWithTheNextServer_untilItIsCancelled() {
    String id = wires.startRun(SLOW).getString("id");
    String waits = wires.startRun(SMALL).getString("id");
    TestServer.until(() -> wires.events(id).encode().contains("\"steps\""));
    assertEquals(
        200, wires.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":30}").statusCode());
    assertEquals(200, patch(id, "{\"name\":\"wired\"}").statusCode());
    wires.close();
    wires = startOnWires();
    JsonObject run = wires.run(id);
    assertEquals("wired", run.getString("name"));
    assertEquals(30, run.getJsonObject("pace").getDouble("iterationsPerSecond"));
    assertEquals("{\"iterationsPerSecond\":30.0}", wires.get("/api/runs/" + id + "/pace").body());
    assertEquals(40, run.getJsonObject("settings").getDouble("iterationsPerSecond"));
    int resumed = iteration(run);
    TestServer.until(() -> iteration(wires.run(id)) > resumed);
    assertEquals(202, wires.post("/api/runs/" + id + "/cancel", "").statusCode());
    wires.awaitStatus(id, "cancelled");
    wires.awaitStatus(waits, "completed");
    assertEquals(204, wires.delete("/api/runs/" + id).statusCode());
    assertEquals(404, wires.get("/api/runs/" + id).statusCode());
    assertEquals(409, wires.post("/api/runs/" + waits + "/cancel", "").statusCode());
    assertEquals(200, wires.get("/health/ready").statusCode());
  }

  private static String ended(TestServer server, String request) {
    String id = server.startRun(request).getString("id");
    server.awaitStatus(id, "completed", "failed");
    return id;
  }

  private static int iteration(JsonObject run) {
    return run.getJsonArray("trainings").getJsonObject(0).getInteger("iteration");
  }

  /** Events without what differs from one run to the next, and without losses, in a fixed order. */
  private static List<String> rest(JsonArray events) {
    return events.stream()
        .map(event -> ((JsonObject) event).copy())
        .filter(event -> !event.getString("type").equals("steps"))
        .peek(
            event ->
                List.of("seq", "at", "elapsedSeconds", "examplesPerSecond").forEach(event::remove))
        .map(JsonObject::encode)
        .sorted()
        .toList();
  }

  private static String standing(JsonObject run) {
    for (Object training : run.getJsonArray("trainings")) {
      ((JsonObject) training).remove("examplesPerSecond");
    }
    List.of("id", "createdAt", "startedAt", "finishedAt").forEach(run::remove);
    return run.encode();
  }

  private static byte[] model(TestServer server, String id)
      throws IOException, InterruptedException {
    URI address = URI.create(server.url() + "/api/runs/" + id + "/models/batch?repeat=2");
    return ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                    .body()))
        .params()
        .data()
        .asBytes();
  }

  private static HttpResponse<String> patch(String id, String json) {
    return wires.send(
        HttpRequest.newBuilder(URI.create(wires.url() + "/api/runs/" + id))
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
            .build());
  }
}
