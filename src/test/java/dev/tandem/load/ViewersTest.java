package dev.tandem.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.ServerProcess;
import dev.tandem.TestServer;
import dev.tandem.web.Access;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many viewers on one run, some of whom read nothing, and some of whom come and go. */
class ViewersTest {
  private static final int TRY_AGAIN_LATER = 1013;
  private static final int READING = 400;
  private static final int RECONNECTING = 50;
  private static final int SILENT = 50;

  /** Of Java's heap, with 500 viewers and what is kept for them. */
  private static final int HEAP_MEGABYTES = 256;

  private static final int ROUNDS = 3;

  @TempDir Path dataDir;

  @Test
  void viewers_getEveryLossOnce_andThoseWhoReadNothingAreDropped() throws Exception {
    Access impatient =
        new Access(Optional.empty(), false, Set.of(), 1000, 2000, 100, Duration.ofSeconds(1));
    try (TestServer server = TestServer.start(dataDir, impatient)) {
      String id =
          server
              .startRun("{\"epochs\":1000,\"batchSize\":10,\"hiddenLayers\":[32]}")
              .getString("id");
      try (Crowd crowd = new Crowd(server.port(), id, 20, 10, 5, 1)) {
        TestServer.until(() -> metric(server, "tandem_live_dropped_total") >= 5);
        crowd.drain();
        TestServer.until(() -> closed(crowd, TRY_AGAIN_LATER) == 5);
        TestServer.until(() -> crowd.reconnections() > 10);
        assertEquals(202, server.post("/api/runs/" + id + "/cancel", "").statusCode());
        try {
          TestServer.until(() -> crowd.ended() == 30);
        } catch (AssertionError e) {
          throw new AssertionError(crowd.describe(), e);
        }
        crowd.stop();
        assertComplete(crowd, server.events(id));
      }
    }
  }

  @Test
  @Tag("load")
  void fiveHundredViewers() throws Exception {
    List<String> heap = List.of("-Xmx" + HEAP_MEGABYTES + "m");
    try (ServerProcess server = ServerProcess.start(dataDir, heap, Map.of())) {
      double slower = slowDown(server, "both variants at once, on all cores");
      exactlyOnce(server);
      assertTrue(slower < 0.10, "slower by " + slower);
    }
  }

  @Test
  @Tag("load")
  void fiveHundredViewers_withACoreLeft() throws Exception {
    try (ServerProcess server = ServerProcess.start(dataDir, "--workers", "1")) {
      double slower = slowDown(server, "one training at a time, one core left for all else");
      assertTrue(slower < 0.10, "slower by " + slower);
    }
  }

  /** What followers cost a run, in turn with one that nobody follows; the share of its time. */
  private static double slowDown(ServerProcess server, String how) throws IOException {
    // Long enough that 500 arrivals in its first half second are part of it, not most of it.
    String run = "{\"epochs\":400}";
    // Both ways once before they are timed: the compiler takes its share of the first seconds.
    server.awaitEnd(server.startRun(run));
    followed(server, run, ROUNDS);
    List<Double> alone = new ArrayList<>();
    List<Double> followed = new ArrayList<>();
    double cpuAlone = 0;
    double cpuFollowed = 0;
    double cpuCrowd = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double before = server.cpuSeconds();
      alone.add(seconds(server.awaitEnd(server.startRun(run))));
      cpuAlone += server.cpuSeconds() - before;
      Cost with = followed(server, run, round);
      followed.add(with.seconds);
      cpuFollowed += with.cpu;
      cpuCrowd += with.cpuOfCrowd;
    }
    double slower = median(followed) / median(alone) - 1;
    double server500 = (cpuFollowed - cpuAlone) / ROUNDS;
    System.out.printf(
        "500 viewers, %s: training took %.2f s alone, %.2f s followed: slower by %.0f %%%n",
        how, median(alone), median(followed), 100 * slower);
    System.out.printf(
        "  processor time of a run: the server's %.2f s alone, %.2f s followed (%.0f %% of a core"
            + " for the viewers), the viewers' own %.2f s%n",
        cpuAlone / ROUNDS,
        cpuFollowed / ROUNDS,
        100 * server500 / median(followed),
        cpuCrowd / ROUNDS);
    return slower;
  }

  /**
   * A run with all viewers on it.
   *
   * @param seconds it took
   * @param cpu seconds of the server's processor time
   * @param cpuOfCrowd seconds of the viewers' own
   */
  private record Cost(double seconds, double cpu, double cpuOfCrowd) {}

  private static Cost followed(ServerProcess server, String run, long seed) throws IOException {
    double before = server.cpuSeconds();
    String id = server.startRun(run);
    try (Crowd crowd = new Crowd(server.port(), id, READING, RECONNECTING, SILENT, seed)) {
      double seconds = seconds(server.awaitEnd(id));
      return new Cost(seconds, server.cpuSeconds() - before, crowd.cpuSeconds());
    }
  }

  private static void exactlyOnce(ServerProcess server) throws IOException {
    double heapBefore = server.liveHeap();
    double residentBefore = server.residentBytes();
    double droppedBefore = server.metric("tandem_live_dropped_total");
    String id = server.startRun("{\"epochs\":1000,\"batchSize\":20}");
    try (Crowd crowd = new Crowd(server.port(), id, READING, RECONNECTING, SILENT, 42)) {
      TestServer.until(
          () -> server.metric("tandem_live_dropped_total") - droppedBefore == SILENT, 200);
      double heap = server.liveHeap();
      double resident = server.residentBytes();
      crowd.drain();
      TestServer.until(() -> closed(crowd, TRY_AGAIN_LATER) == SILENT);
      server.awaitEnd(id);
      TestServer.until(() -> crowd.ended() == READING + RECONNECTING, 60);
      crowd.stop();
      Followed run =
          assertComplete(crowd, new JsonArray(server.get("/api/runs/" + id + "/events").body()));
      System.out.printf(
          "  %d readers, %d of whom came back %,d times, got each of %,d losses once (%.0f MB);"
              + " %d who read nothing were dropped with code %d%n",
          READING + RECONNECTING,
          RECONNECTING,
          crowd.reconnections(),
          run.count(),
          crowd.bytes() / 1e6,
          SILENT,
          TRY_AGAIN_LATER);
      System.out.printf(
          "  live heap %.0f MB before, %.0f MB with them (at most %d MB); resident %.0f and %.0f MB%n",
          heapBefore / 1e6, heap / 1e6, HEAP_MEGABYTES, residentBefore / 1e6, resident / 1e6);
      assertTrue(heap - heapBefore < 100e6, "heap grew to " + heap);
      assertTrue(resident - residentBefore < 200e6, "resident memory grew to " + resident);
    }
    TestServer.until(() -> server.metric("tandem_live_clients") == 0);
  }

  private static Followed assertComplete(Crowd crowd, JsonArray events) {
    Followed run = new Followed(events);
    for (Crowd.Viewer viewer : crowd.viewers()) {
      if (viewer.kind != Crowd.Kind.SILENT) {
        run.assertComplete(viewer);
      }
    }
    return run;
  }

  private static long closed(Crowd crowd, int code) {
    long count = 0;
    for (int i = 0; i < crowd.viewers().size(); i++) {
      count += crowd.closeCode(i) == code ? 1 : 0;
    }
    return count;
  }

  private static double metric(TestServer server, String name) {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static double seconds(JsonObject run) {
    return Duration.between(run.getInstant("startedAt"), run.getInstant("finishedAt")).toMillis()
        / 1e3;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
