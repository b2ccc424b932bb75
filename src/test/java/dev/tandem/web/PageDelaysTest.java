package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages report of themselves, whether they mean well or not. */
class PageDelaysTest {
  @TempDir Path dataDir;

  @Test
  void delays_becomeAHistogram_andFaultyOnesAreRefused_andTooManyToo() {
    try (TestServer server = TestServer.start(dataDir)) {
      assertEquals(0, count(server));
      assertEquals(204, report(server, "{\"seconds\":[0.03,0.3,60]}"));
      assertEquals(3, count(server));
      assertTrue(
          server
              .get("/metrics")
              .body()
              .contains("tandem_page_delay_seconds_bucket{le=\"0.05\"} 1"));
      String many =
          IntStream.rangeClosed(0, 1000).mapToObj(i -> "0.1").collect(Collectors.joining(","));
      for (String faulty :
          new String[] {
            "{}",
            "{\"seconds\":[]}",
            "{\"seconds\":[-0.1]}",
            "{\"seconds\":[60.1]}",
            "{\"seconds\":[null]}",
            "{\"seconds\":[\"1\"]}",
            "{\"seconds\":[1e999]}",
            "{\"seconds\":[0.1],\"x\":1}",
            "{\"seconds\":[" + many + "]}"
          }) {
        assertEquals(400, report(server, faulty), faulty);
      }
      assertEquals(3, count(server));
      int answer = 0;
      for (int i = 0; i < 60 && answer != 429; i++) {
        answer = report(server, "{\"seconds\":[0.1]}");
      }
      assertEquals(429, answer);
    }
  }

  @Test
  void clock_tellsTheServersTime() {
    try (TestServer server = TestServer.start(dataDir)) {
      double before = System.currentTimeMillis() - 1;
      double told = new JsonObject(server.get("/api/clock").body()).getDouble("milliseconds");
      assertTrue(told >= before && told <= System.currentTimeMillis() + 1);
    }
  }

  @Test
  void whoWatchesWithoutAToken_reports_butNotWhereWatchingNeedsIt() {
    try (TestServer server = TestServer.start(dataDir, AccessFixture.withToken())) {
      assertEquals(204, report(server, "{\"seconds\":[0.1]}"));
      assertEquals(1, count(server));
    }
    try (TestServer server = TestServer.start(dataDir, AccessFixture.allPrivate())) {
      assertEquals(204, report(server, "{\"seconds\":[0.1]}"));
      assertEquals(401, server.get("/api/clock").statusCode());
    }
  }

  private static int report(TestServer server, String json) {
    return server.post("/api/page-delays", json).statusCode();
  }

  private static int count(TestServer server) {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("tandem_page_delay_seconds_count"))
        .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
        .sum();
  }
}
