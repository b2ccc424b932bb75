package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Losses that come one by one, as of a run that is slowed down to be watched. */
class PacedRunTest {
  private static final int STEPS = 700;

  @TempDir Path directory;
  private final Map<Long, Float> told = new TreeMap<>();
  private Run run = run();
  private long seq;
  private int iteration;

  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  @ParameterizedTest
  @EnumSource
  void lossesOneByOne_shareRows_andKeepTheirNumbers(Kind kind) throws Exception {
    try (Database database = Database.open(directory, url(kind))) {
      RunStore store = new RunStore(database);
      store.append(List.of(happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH))));
      for (int i = 0; i < STEPS; i++) {
        store.append(step());
      }
      // Told without delay: the newest is there, whatever becomes of the rows.
      assertEquals(seq, store.standing("r").lastSeq());
      assertEquals(run, store.standing("r").run());
      assertRead(store, 0);
      store.append(end());
      assertTrue(rows(database) < 12, rows(database) + " rows");
      assertEquals(run, store.run("r"));
      for (long after : List.of(0L, 1L, 2L, 255L, 256L, 700L, 1023L, seq - 1)) {
        assertRead(store, after);
      }
    }
  }

  @Test
  void serverThatComesAfterwards_goesOn_andWhatIsAppendedAgainIsKeptOnce() throws Exception {
    try (Database database = Database.open(directory, Optional.empty())) {
      RunStore store = new RunStore(database);
      store.append(List.of(happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH))));
      List<BusMessage.Happened> last = List.of();
      for (int i = 0; i < STEPS; i++) {
        last = step();
        store.append(last);
        if (i % 97 == 0) {
          // The answer was lost.
          store.append(last);
        }
        if (i % 300 == 299) {
          store = new RunStore(database);
          store.append(last);
        }
      }
      store.append(end());
      store.append(last);
      assertRead(store, 0);
      assertTrue(rows(database) < 300, rows(database) + " rows");
    }
  }

  /** Both trainings tell of one step, in one batch. */
  private List<BusMessage.Happened> step() {
    iteration++;
    float[] loss = {1f / iteration};
    List<BusMessage.Happened> news = new ArrayList<>();
    for (String variant : List.of("a", "b")) {
      news.add(happens(new Steps(0, variant, 1, iteration, loss, 50.0 * iteration, null)));
      told.put(seq, loss[0]);
    }
    return news;
  }

  private List<BusMessage.Happened> end() {
    return List.of(
        happens(new TrainingChange(0, "a", 1, TrainingStatus.COMPLETED, null)),
        happens(new TrainingChange(0, "b", 1, TrainingStatus.COMPLETED, null)),
        happens(new RunChange(0, RunStatus.COMPLETED, Instant.EPOCH)));
  }

  private BusMessage.Happened happens(RunEvent event) {
    RunEvent numbered = event.numbered(++seq);
    run = run.after(numbered);
    return new BusMessage.Happened(run, numbered);
  }

  /** Every event after a number is there once, page by page, with its loss and its time. */
  private void assertRead(RunStore store, long after) throws SQLException {
    Map<Long, Float> found = new TreeMap<>();
    long last = after;
    List<RunEvent> page = store.events("r", last, 5).events();
    while (!page.isEmpty()) {
      for (RunEvent event : page) {
        assertTrue(event.seq() > last);
        last = event.seq();
        if (event instanceof Steps steps) {
          take(steps, found);
        }
      }
      page = store.events("r", last, 5).events();
    }
    // What was put together may begin before the number; who reads on knows what it has.
    found.keySet().removeIf(number -> number <= after);
    Map<Long, Float> rest = new TreeMap<>(told);
    rest.keySet().removeIf(number -> number <= after);
    assertEquals(rest, found);
    assertEquals(seq, last);
  }

  private static void take(Steps steps, Map<Long, Float> found) {
    if (steps.parts() == null) {
      assertEquals(null, found.put(steps.seq(), steps.losses()[0]));
      return;
    }
    assertEquals(steps.seq(), steps.parts().seqs()[steps.parts().seqs().length - 1]);
    for (int i = 0; i < steps.parts().seqs().length; i++) {
      assertEquals(1, steps.parts().counts()[i]);
      assertEquals(50.0 * (steps.from() + i), steps.parts().ats()[i]);
      assertEquals(null, found.put(steps.parts().seqs()[i], steps.losses()[i]));
    }
  }

  private static long rows(Database database) throws SQLException {
    try (var connection = database.reading();
        var statement = connection.createStatement();
        var count = statement.executeQuery("SELECT COUNT(*) FROM events")) {
      count.next();
      return count.getLong(1);
    }
  }

  private static Optional<String> url(Kind kind) throws Exception {
    return kind == Kind.SQLITE ? Optional.empty() : Optional.of(TestPostgres.emptyDatabase());
  }

  private static Run run() {
    RunSettings settings =
        new SettingsBuilder()
            .data(1000, 10)
            .epochs(10)
            .batchSize(10)
            .learningRate(0.1)
            .hiddenLayers(List.of(4))
            .seed(1)
            .variants(
                List.of(
                    new Variant("a", Map.of("normalization", Normalization.NONE)),
                    new Variant("b", Map.of("normalization", Normalization.NONE))))
            .build();
    return new Run(
        "r",
        RunStatus.QUEUED,
        Instant.EPOCH,
        null,
        null,
        null,
        null,
        settings,
        List.of(training("a"), training("b")));
  }

  private static Training training(String variant) {
    return new Training(variant, 1, TrainingStatus.RUNNING, 0, 0, null, null, null, null, null);
  }
}
