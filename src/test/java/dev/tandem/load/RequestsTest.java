package dev.tandem.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.ServerProcess;
import dev.tandem.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests good and bad, many at a time, while the server trains. */
class RequestsTest {
  private static final int CLIENTS = 16;

  @TempDir Path dataDir;

  @Test
  void fiveHundredRequests_areAnsweredDecently() throws Exception {
    try (TestServer server = TestServer.start(dataDir)) {
      Requests requests = new Requests(server.url(), 7);
      requests.send(500, CLIENTS);
      assertEquals(500, requests.count());
      assertEquals(List.of(), requests.faults());
    }
  }

  @Test
  @Tag("load")
  void tenThousandRequests_areAnsweredDecently() throws Exception {
    List<String> heap = List.of("-Xmx256m");
    try (ServerProcess server = ServerProcess.start(dataDir, heap, Map.of())) {
      Requests warm = new Requests(server.url(), 1);
      warm.send(1000, CLIENTS);
      double heapBefore = server.liveHeap();
      double residentBefore = server.residentBytes();
      Requests requests = new Requests(server.url(), 2);
      requests.send(10_000, CLIENTS);
      requests.print(System.out);
      double heapAfter = server.liveHeap();
      double residentAfter = server.residentBytes();
      System.out.printf(
          "  live heap %.0f MB before, %.0f MB after; resident %.0f and %.0f MB%n",
          heapBefore / 1e6, heapAfter / 1e6, residentBefore / 1e6, residentAfter / 1e6);
      assertEquals(10_000, requests.count());
      assertEquals(List.of(), requests.faults());
      assertFalse(server.log().contains("\tat "), server.log());
      assertTrue(heapAfter < heapBefore + 30e6, "the heap grew to " + heapAfter);
      assertTrue(
          residentAfter < residentBefore + 150e6, "resident memory grew to " + residentAfter);
    }
  }
}
