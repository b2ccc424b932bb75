package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same SQL on both databases. */
class RunStoreTest {
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
  private static String shared;

  @TempDir Path directory;

  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  @ParameterizedTest
  @EnumSource
  void events_comeBackAsTheyWere_fromAnyNumberOn(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      Run run = run("r1", RunStatus.RUNNING);
      float[] losses = {2.3025851f, 1e-7f, Float.NaN};
      store.append(
          List.of(
              new BusMessage.Happened(run, new RunChange(1, RunStatus.RUNNING, Instant.EPOCH)),
              new BusMessage.Happened(
                  run, new Steps(2, "a", 1, 1, losses, 12.5, new float[] {1f}))));
      StoreMessage.Events events = store.events("r1", 0, 10);
      assertEquals(run, events.run());
      assertEquals(2, events.events().size());
      assertEquals(new RunChange(1, RunStatus.RUNNING, Instant.EPOCH), events.events().get(0));
      assertArrayEquals(losses, ((Steps) events.events().get(1)).losses());
      assertEquals(List.of(2L), seqs(store.events("r1", 1, 10).events()));
      assertEquals(List.of(1L), seqs(store.events("r1", 0, 1).events()));
      assertNull(store.events("other", 0, 10).run());
    }
  }

  @ParameterizedTest
  @EnumSource
  void runThatGoesOn_isAsItsLastEventLeftIt(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      Run run = run("r1", RunStatus.RUNNING);
      store.append(
          List.of(
              new BusMessage.Happened(run, new RunChange(1, RunStatus.RUNNING, Instant.EPOCH))));
      List<RunEvent> more =
          List.of(
              new Steps(2, "a", 1, 4, new float[] {1f, 0.5f}, 12, null),
              new EpochEnd(3, "a", 1, 1, 5, 0.7, 0.8, 0.9, 0.75, 1, 100),
              new Steps(4, "a", 1, 6, new float[] {0.25f}, 13, null));
      for (RunEvent event : more) {
        run = run.after(event);
        store.append(List.of(new BusMessage.Happened(run, event)));
      }
      assertEquals(6, run.trainings().get(0).iteration());
      assertEquals(run, store.run("r1"));
      assertEquals(List.of(run), store.find(RunQuery.newest(5, null)).runs());
      assertEquals(List.of(new StoreMessage.Stored(run, 4)), store.unfinished());
      assertEquals(run, store.events("r1", 3, 10).run());
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchThatIsAppendedAgain_changesNothing(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      var news =
          List.of(
              new BusMessage.Happened(
                  run("r1", RunStatus.RUNNING),
                  new RunChange(1, RunStatus.RUNNING, Instant.EPOCH)));
      store.append(news);
      store.append(news);
      assertEquals(List.of(1L), seqs(store.events("r1", 0, 10).events()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void thousandsOfRuns_arePaged_newestFirst(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      List<BusMessage.Happened> news = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        Run run = run("r%05d".formatted(i), RunStatus.COMPLETED);
        news.add(
            new BusMessage.Happened(run, new RunChange(1, RunStatus.COMPLETED, Instant.EPOCH)));
      }
      store.append(news);
      assertEquals(
          List.of("r02999", "r02998"),
          store.find(RunQuery.newest(2, null)).runs().stream().map(Run::id).toList());
      List<Run> page = store.find(RunQuery.newest(50, "r01000")).runs();
      assertEquals("r00999", page.get(0).id());
      assertEquals(50, page.size());
      List<String> beyond = store.beyond(2990);
      assertEquals(10, beyond.size());
      assertEquals("r00000", beyond.get(0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void unfinishedRuns_areFound_withTheirLastNumber(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      store.append(
          List.of(
              new BusMessage.Happened(
                  run("done", RunStatus.COMPLETED),
                  new RunChange(7, RunStatus.COMPLETED, Instant.EPOCH)),
              new BusMessage.Happened(
                  run("going", RunStatus.RUNNING),
                  new RunChange(3, RunStatus.RUNNING, Instant.EPOCH))));
      assertEquals(
          List.of(new StoreMessage.Stored(run("going", RunStatus.RUNNING), 3)), store.unfinished());
    }
  }

  @ParameterizedTest
  @EnumSource
  void checkpoint_isReplaced_andLeavesWithItsRunsEnd_butTheModelStays(Kind kind) throws Exception {
    try (Database database = open(kind)) {
      RunStore store = new RunStore(database);
      var training = new BusMessage.ForTraining("r1", new TrainingId("a", 1));
      store.append(
          List.of(
              new BusMessage.Happened(
                  run("r1", RunStatus.RUNNING),
                  new RunChange(1, RunStatus.RUNNING, Instant.EPOCH))));
      store.keep(
          RunStore.Kind.CHECKPOINT,
          new BusMessage.Keep("r1", new TrainingId("a", 1), new byte[] {1}));
      store.keep(
          RunStore.Kind.CHECKPOINT,
          new BusMessage.Keep("r1", new TrainingId("a", 1), new byte[] {2, -3}));
      store.keep(
          RunStore.Kind.MODEL, new BusMessage.Keep("r1", new TrainingId("a", 1), new byte[] {4}));
      assertArrayEquals(new byte[] {2, -3}, store.kept(RunStore.Kind.CHECKPOINT, training).state());
      store.append(
          List.of(
              new BusMessage.Happened(
                  run("r1", RunStatus.COMPLETED),
                  new RunChange(2, RunStatus.COMPLETED, Instant.EPOCH))));
      assertNull(store.kept(RunStore.Kind.CHECKPOINT, training).state());
      assertArrayEquals(new byte[] {4}, store.kept(RunStore.Kind.MODEL, training).state());
      store.delete("r1");
      assertNull(store.kept(RunStore.Kind.MODEL, training).state());
      assertNull(store.run("r1"));
      assertEquals(List.of(), store.events("r1", 0, 10).events());
    }
  }

  @ParameterizedTest
  @EnumSource
  void schemaOfANewerProgram_isRefused(Kind kind) throws Exception {
    try (Database database = open(kind);
        var connection = database.writing();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, execution_time, success) SELECT 99, '99', 'future',"
              + " 'SQL', 'V99__future.sql', 1, 'x', 1, success FROM flyway_schema_history"
              + " WHERE installed_rank = (SELECT MAX(installed_rank) FROM flyway_schema_history)");
      connection.commit();
    }
    try {
      open(kind).close();
      throw new AssertionError("should have been refused");
    } catch (StoreException e) {
      assertTrue(e.getMessage().contains("newer Tandem (schema 99)"), e.getMessage());
    } finally {
      // What is left is of no use to other tests.
      shared = null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void secondServer_isRefused(Kind kind) throws Exception {
    Path other = kind == Kind.SQLITE ? directory : directory.resolve("other");
    try (Database first = open(kind)) {
      StoreException refused =
          org.junit.jupiter.api.Assertions.assertThrows(
              StoreException.class, () -> Database.open(other, url(kind)));
      assertTrue(refused.getMessage().startsWith("Another Tandem uses"), refused.getMessage());
      assertNull(new RunStore(first).run("none"));
    }
  }

  private Database open(Kind kind) throws Exception {
    Database database = Database.open(directory, url(kind));
    try (var connection = database.writing();
        var statement = connection.createStatement()) {
      for (String table : List.of("runs", "events", "checkpoints", "models", "listing")) {
        statement.executeUpdate("DELETE FROM " + table);
      }
      connection.commit();
    }
    return database;
  }

  private static Optional<String> url(Kind kind) throws Exception {
    if (kind == Kind.SQLITE) {
      return Optional.empty();
    }
    if (shared == null) {
      shared = TestPostgres.emptyDatabase();
    }
    return Optional.of(shared);
  }

  private static Run run(String id, RunStatus status) {
    TrainingStatus training = status.hasEnded() ? TrainingStatus.COMPLETED : TrainingStatus.RUNNING;
    return new Run(
        id,
        status,
        Instant.parse("2026-11-22T12:00:00.123Z"),
        null,
        null,
        null,
        null,
        SETTINGS,
        List.of(new Training("a", 1, training, 0, 3, 1.5, null, null, null, null)));
  }

  private static List<Long> seqs(List<RunEvent> events) {
    return events.stream().map(RunEvent::seq).toList();
  }
}
