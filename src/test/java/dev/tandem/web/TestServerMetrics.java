package dev.tandem.web;

import dev.tandem.TestServer;

/** What a server counts. */
final class TestServerMetrics {
  private TestServerMetrics() {}

  /** Returns once a metric without labels is above 0. */
  static void await(TestServer server, String metric) {
    TestServer.until(
        () ->
            server
                .get("/metrics")
                .body()
                .lines()
                .anyMatch(
                    line ->
                        line.startsWith(metric + " ")
                            && Double.parseDouble(line.split(" ")[1]) > 0));
  }
}
