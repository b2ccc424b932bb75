package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A server that is killed or stopped in the middle of a run, and what the next one makes of it. */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {
  /** In the suite; {@code -Dtandem.kills=20} for the long form. */
  private static final int KILLS = Integer.getInteger("tandem.kills", 3);

  /** So long that each kill finds it unfinished, and that there are checkpoints. */
  private static final int EPOCHS = Math.max(60, 25 * KILLS);

  private static final int ITERATIONS = EPOCHS * 50;
  private static final String RUN = run(EPOCHS);

  /** Long enough to be stopped in its middle. */
  private static final String SHORT = run(30);

  @TempDir Path dataDir;

  private final List<ServerProcess> servers = new ArrayList<>();

  @Test
  void killedServer_losesNothingThatWasSeen_andTheRunEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(Long.getLong("tandem.seed", 1));
    ServerProcess server = start();
    String id = server.startRun(RUN);
    JsonArray seen = new JsonArray();
    int repeated = 0;
    int inTime = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int least = iterations(seen) + 1 + random.nextInt(ITERATIONS / KILLS);
      while (iterations(seen) < least && !hasEnded(server, id)) {
        seen = events(server, id);
      }
      server.kill();
      inTime += iterations(seen) < ITERATIONS ? 1 : 0;
      server = start();
      assertEquals("ok", integrity());
      JsonArray now = events(server, id);
      assertStartsWith(seen, now);
      repeated += server.log().contains("begins again") ? 1 : 0;
    }
    ServerProcess last = server;
    TestServer.until(() -> hasEnded(last, id), 120);
    assertEquals("completed", last.run(id).getString("status"));
    assertRisingWithoutGaps(events(last, id));
    assertEquals(uninterrupted(last, RUN), curves(last, id));
    assertEquals(0, repeated, "checkpoints that could not be used");
    System.out.printf(
        "killed %d times, %d of them while it trained: all %,d losses as without%n",
        KILLS, inTime, 2 * ITERATIONS);
  }

  @Test
  void stoppedServer_keepsWhatTrains_andTheNextOneGoesOn() throws Exception {
    ServerProcess server = start();
    String id = server.startRun(SHORT);
    TestServer.until(() -> iterations(events(server, id)) > 300);
    assertTrue(server.stop());
    // Those of a run that has ended are dropped.
    assertEquals(2, Integer.parseInt(query("SELECT COUNT(*) FROM checkpoints")));

    ServerProcess resumed = start();
    TestServer.until(() -> hasEnded(resumed, id), 120);
    assertEquals(uninterrupted(resumed, SHORT), curves(resumed, id));

    HttpResponse<byte[]> model =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(resumed.url() + "/api/runs/" + id + "/models/batch"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, model.statusCode());
    var network =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(model.body()), false);
    assertEquals(784 * 128 + 128 + 4 * 128 + 128 * 64 + 64 + 4 * 64 + 650, network.numParams());
  }

  @Test
  void damagedCheckpoint_isNotUsed_andTheRunEndsTheSame() throws Exception {
    ServerProcess server = start();
    String id = server.startRun(SHORT);
    TestServer.until(() -> iterations(events(server, id)) > 300);
    assertTrue(server.stop());
    try (var connection = DriverManager.getConnection(database());
        var statement = connection.createStatement()) {
      // One is cut short, one has a wrong byte in its middle.
      assertEquals(
          1,
          statement.executeUpdate(
              "UPDATE checkpoints SET state = substr(state, 1, length(state) / 2)"
                  + " WHERE variant = 'none'"));
      assertEquals(
          1,
          statement.executeUpdate(
              "UPDATE checkpoints SET state = CAST(substr(state, 1, 5000) || x'7f' ||"
                  + " substr(state, 5002) AS BLOB) WHERE variant = 'batch'"));
    }
    ServerProcess resumed = start();
    TestServer.until(() -> hasEnded(resumed, id), 120);
    assertEquals(uninterrupted(resumed, SHORT), curves(resumed, id));
    assertEquals(2, resumed.log().split("begins again", -1).length - 1, resumed.log());
  }

  @Test
  void serverWithoutResuming_endsUnfinishedRunsAsInterrupted() {
    ServerProcess server = start();
    String id = server.startRun(RUN);
    TestServer.until(() -> iterations(events(server, id)) > 0);
    server.kill();
    // Said twice it is still said, not taken back.
    ServerProcess next = start(Map.of("TANDEM_NO_RESUME", "true"), "--no-resume");
    JsonObject run = next.run(id);
    assertEquals("interrupted", run.getString("status"));
    assertEquals("interrupted", run.getJsonArray("trainings").getJsonObject(0).getString("status"));
  }

  @Test
  void secondServer_onTheSameData_isRefused() {
    start();
    List<String> errors = ServerProcess.refusal(dataDir);
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).startsWith("Another Tandem uses the data directory"), errors.get(0));
  }

  @AfterEach
  void endServers() {
    servers.forEach(ServerProcess::close);
  }

  private static String run(int epochs) {
    return "{\"epochs\":" + epochs + ",\"trainingExamples\":3000,\"seed\":5}";
  }

  /** The curves of the same run where nothing happens to it. */
  private static List<String> uninterrupted(ServerProcess server, String run) {
    String id = server.startRun(run);
    TestServer.until(() -> hasEnded(server, id), 120);
    return curves(server, id);
  }

  /** Every iteration, and every look into the layers. */
  private static List<String> curves(ServerProcess server, String id) {
    List<String> rows = new ArrayList<>();
    for (String part : List.of("curves.csv", "layers.csv")) {
      server.get("/api/runs/" + id + "/" + part).body().lines().forEach(rows::add);
    }
    events(server, id).stream()
        .map(JsonObject.class::cast)
        .filter(event -> event.getString("type").equals("histograms"))
        .map(event -> event.getString("variant") + event.getJsonArray("counts"))
        .sorted()
        .forEach(rows::add);
    return rows;
  }

  private static JsonArray events(ServerProcess server, String id) {
    return new JsonArray(server.get("/api/runs/" + id + "/events").body());
  }

  private static boolean hasEnded(ServerProcess server, String id) {
    String status = server.run(id).getString("status");
    assertFalse(List.of("failed", "cancelled", "interrupted").contains(status), status);
    return status.equals("completed");
  }

  private static int iterations(JsonArray events) {
    return losses(events).getOrDefault("none", List.of()).size();
  }

  private static Map<String, List<Object>> losses(JsonArray events) {
    Map<String, List<Object>> losses = new HashMap<>();
    for (Object event : events) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("steps")) {
        List<Object> list = losses.computeIfAbsent(of.getString("variant"), v -> new ArrayList<>());
        assertEquals(list.size() + 1, of.getInteger("from"));
        of.getJsonArray("losses").forEach(list::add);
      }
    }
    return losses;
  }

  /** Every event that was seen is there still, with its number, and every loss. */
  private static void assertStartsWith(JsonArray seen, JsonArray now) {
    Map<String, List<Object>> after = losses(now);
    losses(seen)
        .forEach(
            (variant, losses) ->
                assertEquals(losses, after.get(variant).subList(0, losses.size())));
    for (Object event : seen) {
      if (!((JsonObject) event).getString("type").equals("steps")) {
        assertTrue(now.contains(event), () -> event + " is gone");
      }
    }
  }

  private static void assertRisingWithoutGaps(JsonArray events) {
    long before = 0;
    for (Object event : events) {
      long seq = ((JsonObject) event).getLong("seq");
      assertTrue(seq > before);
      before = seq;
    }
    assertEquals(ITERATIONS, losses(events).get("none").size());
    assertEquals(ITERATIONS, losses(events).get("batch").size());
    long epochs =
        events.stream().filter(e -> ((JsonObject) e).getString("type").equals("epoch")).count();
    assertEquals(2 * EPOCHS, epochs);
  }

  /** What SQLite itself says of the database that a killed server has left. */
  private String integrity() throws Exception {
    return query("PRAGMA integrity_check");
  }

  private String query(String sql) throws Exception {
    try (var connection = DriverManager.getConnection(database());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.getString(1);
    }
  }

  private String database() {
    return "jdbc:sqlite:" + dataDir.resolve("tandem.db");
  }

  private ServerProcess start(String... flags) {
    return start(Map.of(), flags);
  }

  private ServerProcess start(Map<String, String> environment, String... flags) {
    ServerProcess server = ServerProcess.start(dataDir, List.of(), environment, flags);
    servers.add(server);
    return server;
  }
}
