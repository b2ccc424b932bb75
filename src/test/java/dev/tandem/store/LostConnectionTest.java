package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.Settings;
import dev.tandem.TestServer;
import dev.tandem.run.BusMessage.Happened;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.web.Access;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** PostgreSQL ends the connection that writes, and with it goes the claim on the database. */
@Execution(ExecutionMode.CONCURRENT)
class LostConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of())
          .build();

  @TempDir Path directory;
  @TempDir Path otherDirectory;
  private String url;
  private Connection admin;

  @BeforeEach
  void connect() throws Exception {
    url = TestPostgres.emptyDatabase();
    admin = DriverManager.getConnection(url);
  }

  @AfterEach
  void disconnect() throws SQLException {
    admin.close();
  }

  @Test
  void claim_isHadAgain_withTheNextConnection() throws Exception {
    try (Database database = Database.open(directory, Optional.of(url), PATIENCE)) {
      RunStore store = new RunStore(database);
      store.append(news(1));
      endConnections();
      TestServer.until(() -> failure(store, 2) == null);
      assertEquals(2, count("events"));
      assertEquals(1, count("pg_locks WHERE locktype = 'advisory'"));
      StoreException refused =
          assertThrows(
              StoreException.class,
              () -> Database.open(otherDirectory, Optional.of(url), PATIENCE));
      assertTrue(refused.getMessage().startsWith("Another Tandem uses"), refused.getMessage());
    }
  }

  @Test
  void database_thatIsAnothers_isNotWrittenTo_norAfterItHasBeen() throws Exception {
    try (Database database = Database.open(directory, Optional.of(url), PATIENCE)) {
      RunStore store = new RunStore(database);
      store.append(news(1));
      endConnections();
      try (Database other = Database.open(otherDirectory, Optional.of(url), PATIENCE)) {
        TestServer.until(() -> failure(store, 2).startsWith("Another Tandem uses"));
        new RunStore(other).append(news(2));
      }
      TestServer.until(() -> failure(store, 3).startsWith("Another Tandem has used"));
      assertTrue(failure(store, 3).endsWith("Restart this one to go on from there."));
      assertEquals(2, count("events"));
    }
  }

  @Test
  void run_goesOn_andLosesNothing() throws Exception {
    Settings usual =
        TestServer.settings(
            "127.0.0.1", directory, 1, Optional.empty(), List.of(), Access.DEFAULTS);
    Settings settings =
        new Settings(
            usual.host(),
            usual.port(),
            usual.dataDir(),
            Optional.of(url),
            usual.keepRuns(),
            usual.resume(),
            usual.workers(),
            usual.activeRuns(),
            usual.backend(),
            usual.datasets(),
            usual.mirrors(),
            usual.access());
    try (TestServer server = TestServer.start(settings)) {
      String id =
          server
              .startRun(
                  "{\"epochs\":40,\"hiddenLayers\":[16],\"testExamples\":100,\"iterationsPerSecond\":1000}")
              .getString("id");
      for (int times = 1; times <= 2; times++) {
        int least = 200 * times;
        TestServer.until(() -> iteration(server.run(id)) > least);
        endConnections();
      }
      server.awaitStatus(id, "completed");
      assertEquals(
          1 + 2 * 40 * 84, server.get("/api/runs/" + id + "/curves.csv").body().lines().count());
    }
  }

  private static int iteration(JsonObject run) {
    return run.getJsonArray("trainings").getJsonObject(0).getInteger("iteration");
  }

  /** All but this one. */
  private void endConnections() throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
  }

  private int count(String from) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Why an event can't be appended, or null if it has been. */
  private static String failure(RunStore store, long seq) {
    try {
      store.append(news(seq));
      return null;
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  private static List<Happened> news(long seq) {
    Run run =
        new Run(
            "r1", RunStatus.RUNNING, Instant.EPOCH, null, null, null, null, SETTINGS, List.of());
    return List.of(new Happened(run, new RunChange(seq, RunStatus.RUNNING, Instant.EPOCH)));
  }
}
