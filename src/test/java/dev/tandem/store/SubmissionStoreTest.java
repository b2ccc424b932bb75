package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.run.BusMessage.Happened;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.CancelRequest;
import dev.tandem.run.RunEvent.PaceChange;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Variant;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in the database from the moment that they are asked for. */
class SubmissionStoreTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(new Variant("a", Map.of("normalization", Normalization.NONE))))
          .build();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void run_isFoundByItsKey_asLongAsItIsKept(boolean sqlite) throws Exception {
    try (Database database = open(sqlite)) {
      RunStore store = new RunStore(database);
      store.append(begins("r1", "key"), () -> true);
      // Asked again after an answer that got lost.
      store.append(begins("r1", "key"), () -> true);
      store.append(begins("r2", null), () -> true);
      store.append(begins("r3", null), () -> true);
      Run cancelled = begun("r1").after(new CancelRequest(2, AT));
      store.append(List.of(new Happened(cancelled, new CancelRequest(2, AT))));
      StoreMessage.Events found = store.submitted("key");
      assertEquals(cancelled, found.run());
      assertEquals(List.of(change()), found.events());
      assertNull(store.submitted("other").run());
      store.delete("r1");
      assertNull(store.submitted("key").run());
      store.append(begins("r4", "key"), () -> true);
      assertEquals("r4", store.submitted("key").run().id());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void append_thatMayNotCommit_leavesNothing(boolean sqlite) throws Exception {
    try (Database database = open(sqlite)) {
      RunStore store = new RunStore(database);
      assertThrows(TooLateException.class, () -> store.append(begins("r1", "key"), () -> false));
      assertNull(store.run("r1"));
      assertNull(store.submitted("key").run());
      assertEquals(List.of(), store.events("r1", 0, 10).events());
      store.append(begins("r1", "key"), () -> true);
      assertNotNull(store.submitted("key").run());
    }
  }

  @Test
  void databaseOfTheVersionBefore_isRead_andItsRunsGoOn() throws Exception {
    String address = "jdbc:sqlite:" + directory.resolve("tandem.db");
    Flyway.configure()
        .dataSource(address, null, null)
        .locations("classpath:dev/tandem/store/migrations")
        .placeholders(Map.of("blob", "BLOB"))
        .target("3")
        .load()
        .migrate();
    String settings =
        "{\"dataset\":\"mnist\",\"trainingExamples\":100,\"testExamples\":10,\"epochs\":1,"
            + "\"batchSize\":10,\"learningRate\":0.1,\"hiddenLayers\":[4],\"seed\":1,\"variants\":"
            + "[{\"name\":\"a\",\"normalization\":\"none\"}],\"repeats\":1,\"lens\":false,"
            + "\"trainModeTest\":false,\"iterationsPerSecond\":20.0}";
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO runs VALUES ('r1', 0, 1, '{\"id\":\"r1\",\"status\":\"running\","
              + "\"createdAt\":\"2026-11-22T12:00:00Z\",\"startedAt\":\"2026-11-22T12:00:00Z\","
              + "\"finishedAt\":null,\"name\":null,\"note\":null,\"settings\":"
              + settings
              + ",\"trainings\":[]}')");
      statement.executeUpdate(
          "INSERT INTO events VALUES ('r1', 1, '{\"type\":\"run\",\"seq\":1,"
              + "\"status\":\"running\",\"at\":\"2026-11-22T12:00:00Z\"}')");
    }
    try (Database database = open(true)) {
      RunStore store = new RunStore(database);
      StoreMessage.Stored left = store.unfinished().get(0);
      assertEquals(20, left.run().pace().iterationsPerSecond());
      PaceChange pace = new PaceChange(2, null, AT);
      store.append(List.of(new Happened(left.run().after(pace), pace)));
      assertEquals(List.of(change(), pace), store.events("r1", 0, 10).events());
      assertNull(store.run("r1").pace().iterationsPerSecond());
    }
  }

  private Database open(boolean sqlite) throws Exception {
    return Database.open(
        directory,
        sqlite ? Optional.empty() : Optional.of(TestPostgres.emptyDatabase()),
        Duration.ofSeconds(5));
  }

  private static RunChange change() {
    return new RunChange(1, RunStatus.RUNNING, AT);
  }

  private static Run begun(String id) {
    return new Run(id, RunStatus.RUNNING, AT, AT, null, null, null, SETTINGS, List.of());
  }

  private static StoreMessage.Append begins(String id, String key) {
    return new StoreMessage.Append(
        List.of(new Happened(begun(id), change())), key == null ? Map.of() : Map.of(id, key), null);
  }
}
