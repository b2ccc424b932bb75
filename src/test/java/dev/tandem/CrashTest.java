package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.sql.SQLException;
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

  /** A kill comes at most so many iterations after the one before, or after what it undid. */
  private static final int BETWEEN = 150;

  private static final int PER_EPOCH = 20;

  /** Far more than there are before the last kill. */
  private static final int EPOCHS = 2 * KILLS * BETWEEN / PER_EPOCH;

  private static final int ITERATIONS = EPOCHS * PER_EPOCH;
  private static final String SETTINGS =
      "\"trainingExamples\":1200,\"testExamples\":200,\"hiddenLayers\":[32],\"seed\":5";

  /** It goes on while it is wanted to, being held back until it is let go. */
  private static final String PACED = SETTINGS + ",\"iterationsPerSecond\":100";

  private static final int SHORT = 12;

  @TempDir Path dataDir;

  private final List<ServerProcess> servers = new ArrayList<>();

  @Test
  void killedServer_losesNothingThatWasSeen_andTheRunEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(Long.getLong("tandem.seed", 1));
    ServerProcess server = start();
    String id = server.startRun(run(EPOCHS, PACED));
    JsonArray seen = new JsonArray();
    int repeated = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      awaitIteration(server, id, iterations(seen) + 1 + random.nextInt(BETWEEN));
      if (kill == KILLS) {
        // At the least this one finds more to go on from than the beginning.
        awaitCheckpoints();
      }
      seen = events(server, id);
      assertEquals("running", server.run(id).getString("status"));
      server.kill();
      server = start();
      assertEquals("ok", integrity());
      assertStartsWith(seen, events(server, id));
      repeated += server.log().contains("begins again") ? 1 : 0;
    }
    awaitEnd(server, id);
    assertRisingWithoutGaps(events(server, id));
    assertEquals(uninterrupted(server, EPOCHS), curves(server, id));
    assertEquals(0, repeated, "checkpoints that could not be used");
    System.out.printf(
        "killed %d times while it trained: all %,d losses as without%n", KILLS, 2 * ITERATIONS);
  }

  @Test
  void stoppedServer_keepsWhatTrains_andTheNextOneGoesOn() throws Exception {
    ServerProcess server = start();
    String id = server.startRun(run(SHORT, PACED));
    awaitIteration(server, id, 50);
    assertTrue(server.stop());
    // Those of a run that has ended are dropped.
    assertEquals(2, Integer.parseInt(query("SELECT COUNT(*) FROM checkpoints")));

    ServerProcess resumed = start();
    awaitEnd(resumed, id);
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
    assertEquals(784 * 32 + 32 + 4 * 32 + 32 * 10 + 10, network.numParams());
  }

  @Test
  void damagedCheckpoint_isNotUsed_andTheRunEndsTheSame() throws Exception {
    ServerProcess server = start();
    String id = server.startRun(run(SHORT, PACED));
    awaitIteration(server, id, 50);
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
    awaitEnd(resumed, id);
    assertEquals(uninterrupted(resumed, SHORT), curves(resumed, id));
    assertEquals(2, resumed.log().split("begins again", -1).length - 1, resumed.log());
  }

  @Test
  void
      secondServer_onTheSameData_isRefused_andOneWithoutResuming_endsUnfinishedRunsAsInterrupted() {
    ServerProcess server = start();
    String id = server.startRun(run(EPOCHS, PACED));
    awaitIteration(server, id, 1);
    List<String> errors = ServerProcess.refusal(dataDir);
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).startsWith("Another Tandem uses the data directory"), errors.get(0));
    assertEquals("running", server.run(id).getString("status"));
    server.kill();
    // Said twice it is still said, not taken back.
    ServerProcess next = start(Map.of("TANDEM_NO_RESUME", "true"), "--no-resume");
    JsonObject run = next.run(id);
    assertEquals("interrupted", run.getString("status"));
    assertEquals("interrupted", run.getJsonArray("trainings").getJsonObject(0).getString("status"));
  }

  @AfterEach
  void endServers() {
    servers.forEach(ServerProcess::close);
  }

  private static String run(int epochs, String settings) {
    return "{\"epochs\":" + epochs + "," + settings + "}";
  }

  private static void awaitIteration(ServerProcess server, String id, int least) {
    TestServer.until(
        () -> {
          JsonArray trainings = server.run(id).getJsonArray("trainings");
          return trainings.getJsonObject(0).getInteger("iteration") >= least;
        });
  }

  private void awaitCheckpoints() {
    TestServer.until(() -> query("SELECT COUNT(*) FROM checkpoints").equals("2"));
  }

  /** Lets it go as fast as it can, to its end. */
  private static void awaitEnd(ServerProcess server, String id) {
    server.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":null}");
    assertEquals("completed", server.awaitEnd(id).getString("status"));
  }

  /** The curves of the same run where nothing happens to it. */
  private static List<String> uninterrupted(ServerProcess server, int epochs) {
    String id = server.startRun(run(epochs, SETTINGS));
    assertEquals("completed", server.awaitEnd(id).getString("status"));
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
  private String integrity() {
    return query("PRAGMA integrity_check");
  }

  private String query(String sql) {
    try (var connection = DriverManager.getConnection(database());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String database() {
    return "jdbc:sqlite:" + dataDir.resolve("tandem.db");
  }

  private ServerProcess start(String... flags) {
    return start(Map.of(), flags);
  }

  private ServerProcess start(Map<String, String> environment, String... flags) {
    ServerProcess server =
        ServerProcess.start(dataDir, ServerProcess.QUICK_START, environment, flags);
    servers.add(server);
    return server;
  }
}
