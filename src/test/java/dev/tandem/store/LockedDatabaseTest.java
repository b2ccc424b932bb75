package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.ServerProcess;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A database that another program really locks: a backup, or somebody's open transaction. */
@Execution(ExecutionMode.CONCURRENT)
class LockedDatabaseTest {
  private static final int EPOCHS = 12;

  /** Losses of each variant. */
  private static final int ITERATIONS = 50 * EPOCHS;

  private static final String RUN =
      "{\"epochs\":" + EPOCHS + ",\"trainingExamples\":3000,\"iterationsPerSecond\":200}";

  @TempDir Path directory;

  @Test
  void lockedDatabase_isWaitedFor_seenToBe_andNothingIsLost() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      String id = server.startRun(RUN);
      TestServer.until(() -> iteration(server, id) > 0);
      lock(other);
      TestServer.until(() -> server.metric("tandem_trainings_waiting") == 2);
      // Not only when it is over.
      double waited = server.metric("tandem_training_waits_seconds_total");
      TestServer.until(() -> server.metric("tandem_training_waits_seconds_total") > waited + 1);
      TestServer.until(() -> server.get("/health/ready").statusCode() == 503);
      String why = server.get("/health/ready").body();
      assertTrue(why.contains("locked"), why);
      assertEquals("running", server.run(id).getString("status"));
      unlock(other);
      assertEquals("completed", server.awaitEnd(id).getString("status"));
      assertAllLosses(server, id);
      assertEquals(200, server.get("/health/ready").statusCode());
    }
  }

  @Test
  void server_thatIsStopped_whileTheDatabaseIsLocked_ends_andTheNextOneGoesOn() throws Exception {
    String id;
    try (ServerProcess server = ServerProcess.start(directory);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      id = server.startRun(RUN);
      TestServer.until(() -> iteration(server, id) > 0);
      lock(other);
      TestServer.until(() -> server.metric("tandem_trainings_waiting") == 2);
      // Not in good order: what it has still to write has nowhere to go.
      assertTrue(server.end());
      unlock(other);
    }
    try (ServerProcess next = ServerProcess.start(directory)) {
      assertEquals("completed", next.awaitEnd(id).getString("status"));
      assertAllLosses(next, id);
    }
  }

  private static void assertAllLosses(ServerProcess server, String id) {
    for (Object training : server.run(id).getJsonArray("trainings")) {
      assertEquals("completed", ((JsonObject) training).getString("status"));
    }
    int losses = 0;
    for (Object event : new JsonArray(server.get("/api/runs/" + id + "/events").body())) {
      JsonObject of = (JsonObject) event;
      losses += of.getString("type").equals("steps") ? of.getJsonArray("losses").size() : 0;
    }
    assertEquals(2 * ITERATIONS, losses);
    for (String variant : new String[] {"none", "batch"}) {
      assertEquals(200, server.get("/api/runs/" + id + "/models/" + variant).statusCode());
    }
  }

  private Path file() {
    return directory.resolve("tandem.db");
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
    }
  }

  private static void unlock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
  }

  private static int iteration(ServerProcess server, String id) {
    return server.run(id).getJsonArray("trainings").getJsonObject(0).getInteger("iteration");
  }
}
