package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.BusMessage.Happened;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long history, as the API pages through it. */
class RunListTest {
  private static final int RUNS = 5000;
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(5000, 1000)
          .epochs(10)
          .batchSize(60)
          .learningRate(0.001)
          .hiddenLayers(List.of(128, 64))
          .seed(1)
          .variants(List.of(Variant.of(Normalization.NONE), Variant.of(Normalization.BATCH)))
          .build();

  @TempDir Path dataDir;

  @Test
  void pages_ofThousandsOfRuns_haveEachOnce_newestFirst() throws Exception {
    List<String> ids = fill();
    try (TestServer server = TestServer.start(dataDir)) {
      assertEquals(ids, page(server, 200));
    }
  }

  @Test
  @Tag("load")
  void pages_ofThousandsOfRuns_comeWithin20Milliseconds() throws Exception {
    List<String> ids = fill();
    try (TestServer server = TestServer.start(dataDir)) {
      // Once before it is timed: the compiler takes its share of the first answers.
      assertEquals(ids, page(server, 200));
      long[] nanos = new long[RUNS / 50];
      List<String> paged = new ArrayList<>();
      for (int i = 0; i < nanos.length; i++) {
        String before = paged.isEmpty() ? "" : "&before=" + paged.get(paged.size() - 1);
        long began = System.nanoTime();
        String body = server.get("/api/runs?limit=50" + before).body();
        nanos[i] = System.nanoTime() - began;
        paged.addAll(ids(body));
      }
      assertEquals(ids, paged);
      Arrays.sort(nanos);
      System.out.printf(
          "GET /api/runs, pages of 50 of %,d runs: median %.1f ms, worst %.1f ms%n",
          RUNS, nanos[nanos.length / 2] / 1e6, nanos[nanos.length - 1] / 1e6);
      assertTrue(nanos[nanos.length / 2] < 20_000_000, Arrays.toString(nanos));
    }
  }

  /** The whole list, newest first. */
  private static List<String> page(TestServer server, int limit) {
    List<String> all = new ArrayList<>();
    while (true) {
      String before = all.isEmpty() ? "" : "&before=" + all.get(all.size() - 1);
      List<String> page = ids(server.get("/api/runs?limit=" + limit + before).body());
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
    }
  }

  private static List<String> ids(String body) {
    JsonArray runs = new JsonObject(body).getJsonArray("runs");
    return runs.stream().map(run -> ((JsonObject) run).getString("id")).toList();
  }

  private List<String> fill() throws Exception {
    List<Happened> news = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Run run = run("20261101-120000-%03d-%04d".formatted(i / 10, i));
      ids.add(0, run.id());
      news.add(new Happened(run, new RunChange(1, RunStatus.COMPLETED, Instant.EPOCH)));
    }
    try (Database database = Database.open(dataDir, Optional.empty())) {
      new RunStore(database).append(news);
    }
    return ids;
  }

  private static Run run(String id) {
    Instant at = Instant.parse("2026-11-01T12:00:00.123Z");
    List<Training> trainings =
        SETTINGS.variants().stream()
            .map(
                variant ->
                    new Training(
                        variant.name(),
                        1,
                        TrainingStatus.COMPLETED,
                        10,
                        840,
                        0.1234567890123,
                        0.2345678901234,
                        0.93,
                        95_000.123,
                        null))
            .toList();
    return new Run(
        id, RunStatus.COMPLETED, at, at, at.plusSeconds(1), null, null, SETTINGS, trainings);
  }
}
