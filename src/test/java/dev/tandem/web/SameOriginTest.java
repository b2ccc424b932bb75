package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.Settings;
import dev.tandem.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site can make a visitor's browser send. */
class SameOriginTest {
  private static final String RUN = "POST /api/runs HTTP/1.1";

  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(dataDir, AccessFixture.withNames("lab.example"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Origin: http://evil.example|403",
        "Origin: null|403",
        "Origin: http://127.0.0.1:1|403",
        "Origin: http://localhost:9000|403",
        "Origin: file://|403",
        "Origin: http://127.0.0.1:9000.evil.example|403",
        "Origin: http://127.0.0.1:9000@evil.example|403",
        "Origin: ]|403",
        "Sec-Fetch-Site: cross-site|403",
        "Sec-Fetch-Site: same-site|403",
        "Origin: http://evil.lab.example|403",
        "Origin: http://lab.example.evil.example|403",
        "Origin: http://x@lab.example|403",
        "Origin: http://localhost|403",
        // Past the check, to the next one: there is no JSON in it.
        "Origin: http://127.0.0.1:9000|415",
        // The server's own page, behind a proxy that asks by another name.
        "Origin: https://lab.example|415",
        "Origin: http://LAB.example:8443|415",
        "Sec-Fetch-Site: same-origin|415",
        "Sec-Fetch-Site: none|415",
        "X: y|415"
      })
  void change_isForOwnPages_andForPrograms(String header, int status) {
    String answer = RawHttp.ask(server, RUN, "Host: 127.0.0.1:9000", header);
    assertEquals(status, RawHttp.status(answer), answer);
    assertTrue(answer.contains("application/problem+json"), answer);
    for (String line : List.of("POST /api/runs/x/cancel HTTP/1.1", "DELETE /api/runs/x HTTP/1.1")) {
      int then = RawHttp.status(RawHttp.ask(server, line, "Host: 127.0.0.1:9000", header));
      assertEquals(status == 403 ? 403 : 404, then);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Origin: http://evil.example|403",
        "Origin: null|403",
        "Origin: http://127.0.0.1:1|403",
        "Sec-Fetch-Site: cross-site|403",
        "Origin: http://127.0.0.1|101",
        "Origin: https://lab.example:8443|101",
        "X: y|101"
      })
  void webSocket_isForOwnPages_andForPrograms(String header, int status) {
    try (RawHttp http = new RawHttp(server)) {
      assertEquals(status, RawHttp.status(http.upgrade("/api/live", header).head()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 200",
    "127.0.0.1:8080, 200",
    "localhost, 200",
    "LOCALHOST:80, 200",
    "localhost., 200",
    "tandem.localhost:8080, 200",
    "[::1]:8080, 200",
    "192.168.1.7:8080, 200",
    "lab.example, 200",
    "Lab.Example:443, 200",
    "evil.example, 421",
    "evil.example:8080, 421",
    "127.0.0.1.evil.example, 421",
    "localhost.evil.example, 421",
    "notlocalhost, 421",
    "evil.lab.example, 421",
    "0x7f.1, 421",
    "user@localhost, 400",
    "localhost/evil.example, 400"
  })
  void name_isOneOfItsOwn(String host, int status) {
    assertEquals(
        status, RawHttp.status(RawHttp.ask(server, "GET /api/runs HTTP/1.1", "Host: " + host)));
    assertEquals(status, RawHttp.status(RawHttp.ask(server, "GET / HTTP/1.1", "Host: " + host)));
  }

  @ParameterizedTest
  @CsvSource({
    "/metrics, X: y, 200",
    "/health/live, X: y, 200",
    "/health/ready, X: y, 200",
    "/health/ready, Accept-Language: en, 200",
    // From a browser: its page may have pointed a name of its own here.
    "/metrics, Accept-Language: en, 421",
    "/metrics, Accept-Language:, 421",
    "/metrics, User-Agent: Mozilla/5.0 (X11), 421",
    "/metrics, User-Agent: Prometheus/3.5.0, 200",
    "/metrics/, X: y, 421",
    "/health/../api/runs, X: y, 421",
    "/health/..%2fapi/runs, X: y, 404",
    "/health, X: y, 421"
  })
  void scrapeAndHealth_needNoName(String path, String header, int status) {
    for (String host : List.of("tandem-1:8080", "evil.example")) {
      String answer = RawHttp.ask(server, "GET " + path + " HTTP/1.1", "Host: " + host, header);
      assertEquals(status, RawHttp.status(answer), answer);
    }
  }

  @Test
  void refusal_namesTheSettingAndWhatWasSeen() {
    String host = RawHttp.ask(server, "GET / HTTP/1.1", "Host: Hub.example:8000");
    assertTrue(host.contains("by the name \\\"Hub.example:8000\\\""), host);
    assertTrue(host.contains("--hosts hub.example, or with TANDEM_HOSTS"), host);
    String origin =
        RawHttp.ask(server, RUN, "Host: 127.0.0.1:9000", "Origin: https://Hub.example:8000");
    assertTrue(origin.contains("\\\"Hub.example:8000\\\""), origin);
    assertTrue(origin.contains("\\\"127.0.0.1:9000\\\""), origin);
    assertTrue(origin.contains("--hosts hub.example, or with TANDEM_HOSTS"), origin);
    // No setting would help here.
    for (String header : List.of("Origin: null", "Sec-Fetch-Site: cross-site")) {
      String answer = RawHttp.ask(server, RUN, "Host: 127.0.0.1:9000", header);
      assertTrue(answer.contains("may not do this here.\"}"), answer);
    }
  }

  @Test
  void twoNames_are400() {
    String answer = RawHttp.ask(server, "GET / HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example");
    assertEquals(400, RawHttp.status(answer), answer);
  }

  @Test
  void serverForOtherMachines_goesByAnyName_unlessItWasGivenSome(@TempDir Path otherDir) {
    Settings everywhere =
        TestServer.settings(
            "0.0.0.0", otherDir, 1, Optional.empty(), List.of(), AccessFixture.withToken());
    try (TestServer open = TestServer.start(everywhere)) {
      assertEquals(200, RawHttp.status(RawHttp.ask(open, "GET / HTTP/1.1", "Host: any.example")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/runs", "/api/nothing", "/nothing", "/health/live", "/metrics"})
  void everyAnswer_hasTheHeaders(String path) {
    String answer = RawHttp.ask(server, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1");
    assertHeaders(answer);
  }

  @Test
  void refusals_haveTheHeadersToo() {
    assertHeaders(RawHttp.ask(server, "GET / HTTP/1.1", "Host: evil.example"));
    assertHeaders(RawHttp.ask(server, "POST / HTTP/1.1", "Host: 127.0.0.1", "Origin: null"));
    assertHeaders(RawHttp.ask(server, "GET /" + "x".repeat(5000) + " HTTP/1.1", "Host: 127.0.0.1"));
    assertHeaders(RawHttp.ask(server, "nonsense"));
  }

  private static void assertHeaders(String answer) {
    String head = answer.split("\r\n\r\n")[0].toLowerCase(java.util.Locale.ROOT);
    for (String header :
        List.of(
            "content-security-policy: default-src 'none'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin")) {
      assertTrue(head.contains(header), header + " is not in " + head);
    }
    assertTrue(!head.contains("access-control-"), head);
    assertTrue(!head.contains("\r\nserver:"), head);
  }
}
