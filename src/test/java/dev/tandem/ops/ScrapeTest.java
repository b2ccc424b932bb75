package dev.tandem.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapeTest {
  private static final int RUNS = 20;
  private static final int SCRAPES = 21;
  private static final String SMALL =
      "{\"trainingExamples\":120,\"testExamples\":50,\"epochs\":2,\"hiddenLayers\":[8]}";

  @Test
  void metrics_with20RunsOnTheList_tellOfEach(@TempDir Path data) {
    try (TestServer server = TestServer.start(data)) {
      startRuns(server);
      assertEquals(RUNS, runs(server.get("/metrics").body()));
    }
  }

  @Test
  @Tag("load")
  void metrics_with20RunsOnTheList_answerWithin50Milliseconds(@TempDir Path data) {
    try (TestServer server = TestServer.start(data)) {
      startRuns(server);
      long[] nanos = new long[SCRAPES];
      for (int i = 0; i < SCRAPES; i++) {
        long start = System.nanoTime();
        String metrics = server.get("/metrics").body();
        nanos[i] = System.nanoTime() - start;
        assertEquals(RUNS, runs(metrics));
      }
      Arrays.sort(nanos);
      System.out.printf(
          "/metrics with %d runs: median %.1f ms, worst %.1f ms%n",
          RUNS, nanos[SCRAPES / 2] / 1e6, nanos[SCRAPES - 1] / 1e6);
      assertTrue(nanos[SCRAPES / 2] < 50_000_000, Arrays.toString(nanos));
    }
  }

  private static void startRuns(TestServer server) {
    for (int i = 0; i < RUNS; i++) {
      server.awaitStatus(server.startRun(SMALL).getString("id"), "completed");
    }
  }

  private static long runs(String metrics) {
    return metrics.lines().filter(line -> line.startsWith("tandem_run_info")).count();
  }

  @Test
  void series_ofMethodsThatClientsMakeUp_areNoMoreThanOfOne(@TempDir Path data) {
    try (TestServer server = TestServer.start(data)) {
      for (int i = 0; i < RUNS; i++) {
        HttpRequest odd =
            HttpRequest.newBuilder(URI.create(server.url() + "/nowhere/" + i))
                .method("MADEUP" + i, HttpRequest.BodyPublishers.noBody())
                .build();
        assertTrue(server.send(odd).statusCode() >= 400);
      }

      String metrics = server.get("/metrics").body();

      assertFalse(metrics.contains("MADEUP"));
      assertFalse(metrics.contains("nowhere"));
      assertTrue(metrics.contains("method=\"other\""));
    }
  }
}
