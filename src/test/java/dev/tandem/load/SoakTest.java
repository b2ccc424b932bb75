package dev.tandem.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run after the other: the memory that the server holds does not grow. */
class SoakTest {
  /** What is held back for a while (as the newest runs' curves are) is there by then. */
  private static final int SETTLED = 20;

  private static final double GROWTH = 0.05;

  /**
   * The whole heap in memory from the start: what the process holds beyond it is native. Without
   * that, how far the heap has been used yet would hide what grows.
   */
  private static final List<String> FIXED_HEAP =
      List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch");

  @TempDir Path dataDir;

  @Test
  void thirtyRuns_leaveTheHeapAsItWas() {
    try (ServerProcess server = start()) {
      runs(server, SETTLED, "{\"trainingExamples\":120,\"epochs\":1,\"hiddenLayers\":[8]}");
      double before = server.liveHeap();
      runs(server, 10, "{\"trainingExamples\":120,\"epochs\":1,\"hiddenLayers\":[8]}");
      double after = server.liveHeap();
      assertTrue(after < (1 + GROWTH) * before, before + " bytes, then " + after);
    }
  }

  @Test
  @Tag("load")
  void twoHundredRuns_leaveHeapAndResidentMemoryAsTheyWere() {
    try (ServerProcess server = start()) {
      runs(server, SETTLED, "{\"epochs\":3}");
      double heap = server.liveHeap();
      double resident = server.residentBytes();
      double heapAfter = heap;
      double residentAfter = resident;
      System.out.printf(
          "after %3d runs: live heap %5.1f MB, resident %5.1f MB%n",
          SETTLED, heap / 1e6, resident / 1e6);
      for (int done = SETTLED + 20; done <= 200; done += 20) {
        runs(server, 20, "{\"epochs\":3}");
        heapAfter = server.liveHeap();
        residentAfter = server.residentBytes();
        System.out.printf(
            "after %3d runs: live heap %5.1f MB, resident %5.1f MB%n",
            done, heapAfter / 1e6, residentAfter / 1e6);
      }
      System.out.printf(
          "200 runs, from the 20th on: heap %+.1f %%, resident %+.1f %%%n",
          100 * (heapAfter / heap - 1), 100 * (residentAfter / resident - 1));
      assertTrue(heapAfter < (1 + GROWTH) * heap, "the heap grew");
      assertTrue(residentAfter < (1 + GROWTH) * resident, "resident memory grew");
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(dataDir, FIXED_HEAP, Map.of(), "--starts", "1000000");
  }

  private static void runs(ServerProcess server, int count, String request) {
    for (int i = 0; i < count; i++) {
      String id = server.startRun(request);
      assertEquals("completed", server.awaitEnd(id).getString("status"));
    }
  }
}
