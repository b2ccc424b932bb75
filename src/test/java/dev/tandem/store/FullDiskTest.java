package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A data directory on a disk that really fills up; making one needs the rights to mount. */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskTest {
  private static final int EPOCHS = 4;

  /** On any machine they take seconds: more than the disk takes to fill up. */
  private static final int PER_SECOND = 80;

  private static final int LOSSES = 2 * 84 * EPOCHS;

  @TempDir Path disk;

  private TestDisk mounted;

  @BeforeEach
  void mount() {
    mounted = TestDisk.mount(disk, "size=64m");
  }

  @AfterEach
  void unmount() {
    if (mounted != null) {
      mounted.close();
    }
  }

  @Test
  void fullDisk_slowsTheTraining_isSaid_andLosesNothing() throws Exception {
    try (TestServer server = TestServer.start(disk)) {
      String id =
          server
              .startRun("{\"epochs\":%d,\"iterationsPerSecond\":%d}".formatted(EPOCHS, PER_SECOND))
              .getString("id");
      TestServer.until(() -> iterations(server.events(id)) > 0);
      Path ballast = disk.resolve("ballast");
      fill(ballast);
      TestServer.until(() -> server.get("/health/ready").statusCode() == 503);
      String why = server.get("/health/ready").body();
      assertTrue(why.contains("The database can't be written"), why);
      assertEquals("running", server.run(id).getString("status"));
      // What can't be kept is not thrown away: the training waits, and it is said.
      TestServer.until(() -> metric(server, "tandem_trainings_waiting") >= 1);
      int waited = iterations(server.events(id));

      Files.delete(ballast);
      server.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":null}");
      server.awaitStatus(id, "completed");
      TestServer.until(() -> server.get("/health/ready").statusCode() == 200);
      assertEquals(LOSSES, iterations(server.events(id)));
      assertTrue(waited < LOSSES, "the disk was full after the end");
      assertEquals(0, metric(server, "tandem_trainings_waiting"));
      assertTrue(metric(server, "tandem_training_waits_seconds_total") > 0);
    }
  }

  @Test
  void diskThatIsFull_whenTheTrainingsEnd_keepsTheRunFromCompleting_untilItsNetworksAreKept()
      throws Exception {
    try (TestServer server = TestServer.start(disk)) {
      // So short that it comes to its end with all that it tells on its way to the disk.
      String id =
          server
              .startRun("{\"epochs\":1,\"trainingExamples\":1500,\"iterationsPerSecond\":20}")
              .getString("id");
      TestServer.until(() -> iterations(server.events(id)) > 0);
      Path ballast = disk.resolve("ballast");
      fill(ballast);
      // Both have sent their network, and wait.
      TestServer.until(() -> metric(server, "tandem_trainings_waiting") == 2);
      double waited = metric(server, "tandem_training_waits_seconds_total");
      TestServer.until(() -> metric(server, "tandem_training_waits_seconds_total") > waited);
      assertEquals("running", server.run(id).getString("status"));
      assertEquals(503, server.get("/health/ready").statusCode());
      Files.delete(ballast);
      server.awaitStatus(id, "completed");
      for (String variant : List.of("none", "batch")) {
        assertEquals(
            200, server.get("/api/runs/" + id + "/models/" + variant).statusCode(), variant);
      }
    }
  }

  /** Losses of both variants; fails where one is missing or comes twice. */
  private static int iterations(JsonArray events) {
    int[] counts = new int[2];
    for (Object event : events) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("steps")) {
        int variant = List.of("none", "batch").indexOf(of.getString("variant"));
        assertEquals(counts[variant] + 1, of.getInteger("from"));
        counts[variant] += of.getJsonArray("losses").size();
      }
    }
    return counts[0] + counts[1];
  }

  private static double metric(TestServer server, String name) {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int size = 1 << 20; size >= 1 << 12; size >>= 8) {
        fill(out, new byte[size]);
      }
    }
  }

  private static void fill(OutputStream out, byte[] block) throws IOException {
    try {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertTrue(String.valueOf(full.getMessage()).contains("No space"), full::toString);
    }
  }
}
