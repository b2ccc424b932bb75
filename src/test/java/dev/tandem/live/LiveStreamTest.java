package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WebSocket contract, on the whole server. */
class LiveStreamTest {
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
  void follower_getsEveryLossOnce_inOrder() {
    String id =
        server
            .startRun("{\"epochs\":4,\"hiddenLayers\":[16],\"testExamples\":100}")
            .getString("id");
    JsonArray events = server.follow("/api/runs/" + id + "/live").untilEnd();
    assertRising(events);
    assertEquals(List.of(336, 336), counts(events));
    assertEquals(losses(server.events(id)), losses(events));
    JsonObject first = events.getJsonObject(0);
    assertEquals("run", first.getString("type"));
    assertEquals("running", first.getString("status"));
    long epochs = events.stream().filter(e -> type(e).equals("epoch")).count();
    assertEquals(8, epochs);
  }

  @Test
  void followerWhoComesBack_getsTheRest_exactlyOnce() {
    String id =
        server
            .startRun("{\"epochs\":6,\"hiddenLayers\":[16],\"testExamples\":100}")
            .getString("id");
    JsonArray all = new JsonArray();
    long seen = 0;
    boolean ended = false;
    while (!ended) {
      TestServer.Frames frames = server.follow("/api/runs/" + id + "/live?after=" + seen);
      for (int i = 0; i < 2 && !ended; i++) {
        JsonArray frame = frames.next();
        all.addAll(frame);
        JsonObject last = frame.getJsonObject(frame.size() - 1);
        seen = last.getLong("seq");
        ended = last.getString("type").equals("run") && !last.getString("status").equals("running");
      }
      TestServer.await(frames.socket().close());
    }
    assertRising(all);
    assertEquals(losses(server.events(id)), losses(all));
  }

  @Test
  void lateFollower_getsNeighbouringStepsMerged() {
    String id =
        server
            .startRun("{\"epochs\":3,\"hiddenLayers\":[16],\"testExamples\":100}")
            .getString("id");
    server.awaitStatus(id, "completed");
    JsonArray events = server.follow("/api/runs/" + id + "/live").untilEnd();
    assertEquals(6, events.stream().filter(e -> type(e).equals("steps")).count());
    assertEquals(List.of(252, 252), counts(events));
    assertEquals(server.events(id), events);
  }

  @Test
  void resolution_boundsThePoints_andIsTheSameEachTime() {
    String id =
        server
            .startRun("{\"epochs\":3,\"hiddenLayers\":[16],\"testExamples\":100}")
            .getString("id");
    server.awaitStatus(id, "completed");
    String once = server.get("/api/runs/" + id + "/events?resolution=50").body();
    assertEquals(once, server.get("/api/runs/" + id + "/events?resolution=50").body());
    JsonArray followed = server.follow("/api/runs/" + id + "/live?resolution=50").untilEnd();
    assertEquals(new JsonArray(once), followed);
    Map<Integer, Object> full = new HashMap<>();
    losses(server.events(id)).get("none").forEach(loss -> full.put(full.size() + 1, loss));
    for (Object event : followed) {
      if (type(event).equals("steps")) {
        JsonArray iterations = ((JsonObject) event).getJsonArray("iterations");
        JsonArray losses = ((JsonObject) event).getJsonArray("losses");
        assertTrue(iterations.size() <= 50);
        assertEquals(iterations.size(), losses.size());
        if (((JsonObject) event).getString("variant").equals("none")) {
          for (int i = 0; i < iterations.size(); i++) {
            assertEquals(full.get(iterations.getInteger(i)), losses.getValue(i));
          }
          Object least = full.values().stream().min(LiveStreamTest::compare).orElseThrow();
          assertTrue(losses.contains(least));
        }
      }
    }
  }

  @Test
  void followerOfAllRuns_hearsOfEveryChange() {
    TestServer.Frames all = server.follow("/api/live");
    String id =
        server
            .startRun("{\"epochs\":1,\"trainingExamples\":120,\"hiddenLayers\":[8]}")
            .getString("id");
    server.awaitStatus(id, "completed");
    assertEquals(204, server.delete("/api/runs/" + id).statusCode());
    List<String> statuses = new ArrayList<>();
    while (!statuses.contains("deleted")) {
      for (Object change : all.next()) {
        JsonObject of = (JsonObject) change;
        // Other tests' runs may come to their end meanwhile.
        if (of.getString("id").equals(id)) {
          statuses.add(of.getString("status"));
        }
        assertEquals(of.getString("status").equals("deleted"), !of.containsKey("run"));
      }
    }
    // One that changes twice within a frame's interval is told as it is in the end.
    assertTrue(List.of("running", "completed", "deleted").containsAll(statuses), "" + statuses);
  }

  @Test
  void pageOfAnotherSite_mayNotFollow() {
    WebSocketConnectOptions foreign =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(server.port())
            .setURI("/api/live")
            .addHeader("Origin", "http://evil.example");
    TestServer.await(
        server
            .sockets()
            .connect(foreign)
            .transform(
                joined -> {
                  assertTrue(joined.failed());
                  return io.vertx.core.Future.succeededFuture();
                }));
  }

  @Test
  void followerOfAnUnknownRun_isAnsweredWith404() {
    Throwable refused =
        TestServer.await(
            server
                .sockets()
                .connect(server.port(), "127.0.0.1", "/api/runs/nope/live")
                .transform(joined -> io.vertx.core.Future.succeededFuture(joined.cause())));
    assertEquals(404, ((io.vertx.core.http.UpgradeRejectedException) refused).getStatus());
  }

  @Test
  void plainRequest_isToldToUpgrade() {
    assertEquals(426, server.get("/api/live").statusCode());
  }

  @Test
  void badCursor_is400() {
    String id =
        server
            .startRun("{\"epochs\":1,\"trainingExamples\":120,\"hiddenLayers\":[8]}")
            .getString("id");
    var answer = server.get("/api/runs/" + id + "/events?after=-1&resolution=x");
    assertEquals(400, answer.statusCode());
    assertEquals(
        java.util.Set.of("after", "resolution"),
        new JsonObject(answer.body()).getJsonObject("errors").fieldNames());
  }

  private static void assertRising(JsonArray events) {
    long before = 0;
    for (Object event : events) {
      long seq = ((JsonObject) event).getLong("seq");
      assertTrue(seq > before, () -> "event " + seq + " is out of order");
      before = seq;
    }
  }

  private static List<Integer> counts(JsonArray events) {
    Map<String, List<Object>> losses = losses(events);
    return List.of(losses.get("none").size(), losses.get("batch").size());
  }

  /** Every variant's losses; fails where one is missing or comes twice. */
  private static Map<String, List<Object>> losses(JsonArray events) {
    Map<String, List<Object>> losses = new HashMap<>();
    for (Object event : events) {
      JsonObject of = (JsonObject) event;
      if (type(event).equals("steps")) {
        List<Object> so = losses.computeIfAbsent(of.getString("variant"), v -> new ArrayList<>());
        assertEquals(so.size() + 1, of.getInteger("from"));
        of.getJsonArray("losses").forEach(so::add);
      }
    }
    return losses;
  }

  private static int compare(Object a, Object b) {
    return Double.compare(((Number) a).doubleValue(), ((Number) b).doubleValue());
  }

  private static String type(Object event) {
    return ((JsonObject) event).getString("type");
  }
}
