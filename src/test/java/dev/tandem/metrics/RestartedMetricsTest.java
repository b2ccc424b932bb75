package dev.tandem.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape of a restarted server says of runs that ended before. */
class RestartedMetricsTest {
  private static final String RUN =
      "{\"trainingExamples\":120,\"testExamples\":100,\"epochs\":2,\"hiddenLayers\":[4],%s}";

  @TempDir Path dataDir;

  @Test
  void lastValuesOfEndedRuns_areThereAgain_andNothingIsCountedTwice() {
    String repeated;
    String diverged;
    List<String> before;
    try (TestServer server = TestServer.start(dataDir)) {
      repeated = ended(server, "\"repeats\":2");
      diverged =
          ended(
              server,
              "\"learningRate\":1000,\"variants\":[{\"normalization\":\"none\"},{\"normalization\":\"batch\",\"learningRate\":0.001}]");
      before = lines(server, line -> line.contains("run=\""));
      assertTrue(before.stream().anyMatch(line -> line.startsWith("tandem_layer_")));
      assertTrue(before.stream().anyMatch(line -> line.startsWith("tandem_run_info")));
    }
    try (TestServer server = TestServer.start(dataDir)) {
      assertEquals(before, lines(server, line -> line.contains("run=\"")));
      assertTrue(
          lines(server, line -> line.matches("tandem_(runs|trainings|training_\\w+)_total.*"))
              .stream()
              .allMatch(line -> line.endsWith(" 0.0")));
      assertEquals(204, server.delete("/api/runs/" + repeated).statusCode());
      TestServer.until(() -> lines(server, line -> line.contains(repeated)).isEmpty());
      String last = null;
      for (int i = 0; i < 19; i++) {
        last = server.startRun(RUN.formatted("\"seed\":" + i)).getString("id");
      }
      server.awaitStatus(last, "completed");
      assertFalse(lines(server, line -> line.contains(diverged)).isEmpty());
      ended(server, "\"seed\":19");
      TestServer.until(() -> lines(server, line -> line.contains(diverged)).isEmpty());
    }
  }

  private static String ended(TestServer server, String more) {
    String id = server.startRun(RUN.formatted(more)).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  private static List<String> lines(TestServer server, Predicate<String> wanted) {
    return server.get("/metrics").body().lines().filter(wanted).sorted().toList();
  }
}
