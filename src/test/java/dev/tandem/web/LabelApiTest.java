package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.TestServer.Frames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and notes of runs, while they run, after their end, and after a restart. */
class LabelApiTest {
  private static final String UNKNOWN = "20261122-231502-417-k3f9";

  private static final String SMALL =
      "{\"trainingExamples\":300,\"testExamples\":100,\"epochs\":1,\"hiddenLayers\":[16]}";

  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(dataDir);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void runThatGoesOn_isLabelled_forAllWhoFollow_andInItsEvents() {
    String id = server.startRun("{\"epochs\":1000,\"iterationsPerSecond\":20}").getString("id");
    Frames run = server.follow("/api/runs/" + id + "/live?after=0");
    Frames all = server.follow("/api/live");
    JsonObject answer = labelled(id, "{\"name\":\" My first \",\"note\":\"a\\r\\nb\"}");
    assertEquals("My first", answer.getString("name"));
    assertEquals("a\nb", answer.getString("note"));
    JsonObject event = next(run, "label");
    assertEquals("My first", event.getString("name"));
    assertFalse(event.getString("at").isEmpty());
    JsonObject change = next(all, "run");
    assertEquals("running", change.getString("status"));
    assertEquals("My first", change.getJsonObject("run").getString("name"));
    server.post("/api/runs/" + id + "/cancel", "");
    assertEquals("My first", server.awaitStatus(id, "cancelled").getString("name"));
  }

  @Test
  void runThatHasEnded_isLabelled_andNothingElseOfItChanges() {
    String id = ended();
    JsonObject before = server.run(id);
    Frames all = server.follow("/api/live");
    String counted = counted();
    assertEquals("It", labelled(id, "{\"name\":\"It\"}").getString("name"));
    assertEquals("completed", next(all, "run").getString("status"));
    JsonObject after = server.run(id);
    assertEquals(before.put("name", "It"), after);
    assertEquals(counted, counted());
    JsonArray events = server.events(id);
    assertEquals("label", events.getJsonObject(events.size() - 1).getString("type"));
    assertEquals(
        "It",
        new JsonObject(server.get("/api/runs").body())
            .getJsonArray("runs")
            .getJsonObject(0)
            .getString("name"));
  }

  @Test
  void labels_surviveARestart_andOnesAfterItGoOnCounting() {
    String id = ended();
    labelled(id, "{\"name\":\"before\",\"note\":\"stays\"}");
    server.close();
    server = TestServer.start(dataDir);
    assertEquals("before", server.run(id).getString("name"));
    JsonObject after = labelled(id, "{\"name\":\"after\"}");
    assertEquals("after", after.getString("name"));
    assertEquals("stays", after.getString("note"));
    assertNull(labelled(id, "{\"name\":null,\"note\":\"\"}").getString("name"));
    assertNull(server.run(id).getString("note"));
    assertNumbered(id);
  }

  @Test
  void labelsAtOnce_haveANumberEach_andNoneIsLost() {
    String id = ended();
    server.close();
    server = TestServer.start(dataDir);
    HttpClient http = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(
          http.sendAsync(
              patch(id, "{\"name\":\"" + i + "\"}"), HttpResponse.BodyHandlers.ofString()));
    }
    answers.forEach(answer -> assertEquals(200, answer.join().statusCode()));
    assertNumbered(id);
    long labels =
        server.events(id).stream()
            .filter(event -> ((JsonObject) event).getString("type").equals("label"))
            .count();
    assertEquals(20, labels);
  }

  @Test
  void deletedRun_staysDeleted_whateverIsSaidOfIt() {
    for (int i = 0; i < 5; i++) {
      String id = ended();
      HttpClient http = HttpClient.newHttpClient();
      var label =
          http.sendAsync(patch(id, "{\"name\":\"x\"}"), HttpResponse.BodyHandlers.ofString());
      int deleted = server.delete("/api/runs/" + id).statusCode();
      assertEquals(204, deleted);
      assertTrue(Set.of(200, 404).contains(label.join().statusCode()));
      assertEquals(404, server.get("/api/runs/" + id).statusCode());
      assertEquals(404, server.send(patch(id, "{\"name\":\"x\"}")).statusCode());
    }
  }

  @Test
  void labelThatSomebodyChangedMeanwhile_isLeft_andTold() {
    String id = ended();
    String seen = server.get("/api/runs/" + id).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> first = server.send(patch(id, "{\"name\":\"first\"}", seen));
    assertEquals(200, first.statusCode(), first.body());
    HttpResponse<String> late = server.send(patch(id, "{\"note\":\"late\"}", seen));
    assertEquals(412, late.statusCode());
    assertEquals(
        new JsonObject().put("name", "first").putNull("note"),
        new JsonObject(late.body()).getJsonObject("current"));
    String now = late.headers().firstValue("ETag").orElseThrow();
    assertEquals(first.headers().firstValue("ETag").orElseThrow(), now);
    assertNull(server.run(id).getString("note"));
    // As a proxy that compresses makes of it, and beside another.
    String all = "\"other\", W/" + now;
    assertEquals(200, server.send(patch(id, "{\"note\":\"late\"}", all)).statusCode());
    assertEquals("first", server.run(id).getString("name"));
    assertEquals(200, server.send(patch(id, "{\"name\":\"any\"}", "*")).statusCode());
  }

  @Test
  void ofManyWhoHaveSeenTheSame_oneChangesIt() {
    String id = ended();
    String seen = server.get("/api/runs/" + id).headers().firstValue("ETag").orElseThrow();
    HttpClient http = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      HttpRequest request = patch(id, "{\"name\":\"n" + i + "\"}", seen);
      answers.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    List<Integer> statuses = answers.stream().map(of -> of.join().statusCode()).sorted().toList();
    assertEquals(200, statuses.get(0));
    assertEquals(Set.of(412), Set.copyOf(statuses.subList(1, 10)));
    assertEquals(204, server.delete("/api/runs/" + id).statusCode());
  }

  @Test
  void ifMatchThatIsNoTag_isRefused() {
    HttpResponse<String> answer = server.send(patch(UNKNOWN, "{\"name\":\"x\"}", "bare"));
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("If-Match"), answer.body());
  }

  @Test
  void textsAreKept_inTheirComposedForm() {
    String id = ended();
    String decomposed = "Cafe\u0301";
    JsonObject asked = new JsonObject().put("name", decomposed).put("note", decomposed);
    JsonObject run = labelled(id, asked.encode());
    assertEquals("Caf\u00e9", run.getString("name"));
    assertEquals("Caf\u00e9", run.getString("note"));
  }

  @Test
  void faultyFields_areAllNamed() {
    String request =
        new JsonObject()
            .put("name", "two\nlines")
            .put("note", "x".repeat(2001))
            .put("colour", "red")
            .encode();
    HttpResponse<String> answer = server.send(patch(UNKNOWN, request));
    assertEquals(400, answer.statusCode());
    assertEquals(
        Set.of("name", "note", "colour"),
        new JsonObject(answer.body()).getJsonObject("errors").fieldNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":7}",
        "{\"name\":\"\\u2028x\\u2028y\"}",
        "{\"name\":\"\\u0000x\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"note\":\"\\u001b[31m\"}"
      })
  void oneFaultyField_isNamed(String request) {
    HttpResponse<String> answer = server.send(patch(UNKNOWN, request));
    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(1, new JsonObject(answer.body()).getJsonObject("errors").size());
  }

  @Test
  void charactersAreCounted_asPeopleDo_andAnUnknownRunIsNotFound() {
    String id = ended();
    String longest = "🏁".repeat(80);
    assertEquals(
        longest, labelled(id, new JsonObject().put("name", longest).encode()).getString("name"));
    assertEquals(404, server.send(patch(UNKNOWN, "{\"name\":\"x\"}")).statusCode());
  }

  private static String ended() {
    String id = server.startRun(SMALL).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  private static JsonObject labelled(String id, String json) {
    HttpResponse<String> answer = server.send(patch(id, json));
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  private static HttpRequest patch(String id, String json, String ifMatch) {
    return HttpRequest.newBuilder(patch(id, json), (name, value) -> true)
        .header("If-Match", ifMatch)
        .build();
  }

  private static HttpRequest patch(String id, String json) {
    return HttpRequest.newBuilder(URI.create(server.url() + "/api/runs/" + id))
        .header("Content-Type", "application/json")
        .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private static String counted() {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("tandem_runs_total"))
        .toList()
        .toString();
  }

  private static void assertNumbered(String id) {
    JsonArray events = server.events(id);
    long before = 0;
    for (int i = 0; i < events.size(); i++) {
      long seq = events.getJsonObject(i).getLong("seq");
      assertTrue(seq > before, events::encode);
      before = seq;
    }
  }

  private static JsonObject next(Frames frames, String type) {
    while (true) {
      for (Object event : frames.next()) {
        if (((JsonObject) event).getString("type").equals(type)) {
          return (JsonObject) event;
        }
      }
    }
  }
}
