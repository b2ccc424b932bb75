package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run whose variants differ in all that they may, over a stop and a kill of its server. */
@Execution(ExecutionMode.CONCURRENT)
class ChoicesCrashTest {
  private static final String RUN =
      """
      {"trainingExamples":400,"testExamples":100,"epochs":6,"hiddenLayers":[16,8],"seed":5,\
      "batchSize":40,%s"variants":[\
      {"optimizer":"sgd","dropout":0.2},\
      {"optimizer":"momentum","normalization":"batch","activation":"tanh"},\
      {"optimizer":"nesterov","normalization":"layer","activation":"gelu","dropout":0.1},\
      {"optimizer":"rmsprop","activation":"sigmoid","initialScale":0.5,"batchSize":25},\
      {"optimizer":"adamw","weightDecay":0.01,"hiddenLayers":[12]},\
      {"normalization":"layer","batchSize":8}]}""";

  @TempDir Path dataDir;

  private final List<ServerProcess> servers = new ArrayList<>();

  @AfterEach
  void kill() {
    servers.forEach(ServerProcess::kill);
  }

  @Test
  void everyTraining_goesOnFromItsCheckpoint_andEndsAsIfNothingHadHappened() throws SQLException {

    ServerProcess first = start();
    String id = first.startRun(RUN.formatted("\"iterationsPerSecond\":5,"));
    awaitIterations(first, id, 4);
    assertTrue(first.stop());
    assertEquals(6, checkpoints());
    ServerProcess second = start();
    awaitIterations(second, id, 8);
    second.kill();
    ServerProcess third = start();
    third.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":null}");
    assertEquals("completed", third.awaitEnd(id).getString("status"));
    String whole = third.startRun(RUN.formatted(""));
    assertEquals("completed", third.awaitEnd(whole).getString("status"));
    assertEquals(curves(third, whole), curves(third, id));
    for (ServerProcess server : servers) {
      assertFalse(server.log().contains("begins again"), server::log);
    }
  }

  private int checkpoints() throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("tandem.db"));
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT COUNT(*) FROM checkpoints")) {
      return result.getInt(1);
    }
  }

  private static List<String> curves(ServerProcess server, String id) {
    return server.get("/api/runs/" + id + "/curves.csv").body().lines().toList();
  }

  /** Until each of its trainings has taken so many. */
  private static void awaitIterations(ServerProcess server, String id, int count) {
    TestServer.until(
        () -> {
          JsonArray trainings = server.run(id).getJsonArray("trainings");
          return trainings.stream()
              .allMatch(training -> ((JsonObject) training).getInteger("iteration") >= count);
        });
  }

  private ServerProcess start() {
    ServerProcess server =
        ServerProcess.start(dataDir, ServerProcess.QUICK_START, Map.of(), "--workers", "6");
    servers.add(server);
    return server;
  }
}
