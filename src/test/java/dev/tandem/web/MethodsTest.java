package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.TestServer;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HEAD as uptime monitors ask it, and methods that an address doesn't know. */
class MethodsTest {
  private static final String HOST = "Host: 127.0.0.1";

  @TempDir static Path dataDir;
  private static TestServer server;
  private static String id;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(dataDir);
    id = server.startRun(AccessFixture.SMALL).getString("id");
    server.awaitStatus(id, "completed");
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  static Stream<String> watched() {
    return Stream.concat(
        KnownRoutes.all().stream()
            .filter(route -> route.methods().contains(HttpMethod.GET) && !route.opensSocket())
            .map(KnownRoutes.Known::path),
        Stream.of(
            "/",
            "/index.html",
            "/app.js",
            "/vendor/uplot/uPlot.min.css",
            "/text",
            "/nothing",
            "/api/nothing",
            "/api/runs?limit=0",
            "/api/runs/:id/events?resolution=1",
            "/api/runs/20260101-000000-000-none/curves.csv"));
  }

  @ParameterizedTest
  @MethodSource("watched")
  void head_isAnsweredAsGet_withoutABody(String route) {
    String path = route.replace(":id", id).replace(":variant", "none");
    String got = RawHttp.ask(server, "GET " + path + " HTTP/1.1", HOST);
    String head = RawHttp.ask(server, "HEAD " + path + " HTTP/1.1", HOST);

    assertEquals(status(got), status(head), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
    assertEquals(head.indexOf("\r\n\r\n"), head.length() - 4, head);
    Map<String, String> expected = headers(got);
    Map<String, String> found = headers(head);
    // How a body is sent says nothing of it; the scrape's own figures and the clock's digits
    // differ.
    expected.remove("transfer-encoding");
    if (!found.containsKey("content-length") || path.equals("/api/clock")) {
      expected.remove("content-length");
      found.remove("content-length");
    }
    for (Map<String, String> of : List.of(expected, found)) {
      of.remove("date");
    }
    assertEquals(expected, found);
  }

  @Test
  void head_hasTheLength_unlessTheBodyWouldBeCompressed() {
    for (String path : List.of("/app.js", "/api/runs/" + id)) {
      String got = RawHttp.ask(server, "GET " + path + " HTTP/1.1", HOST);
      String line = "HEAD " + path + " HTTP/1.1";
      int length = got.length() - got.indexOf("\r\n\r\n") - 4;
      assertEquals(
          "" + length, headers(RawHttp.ask(server, line, HOST)).get("content-length"), path);
      String packed = RawHttp.ask(server, line, HOST, "Accept-Encoding: gzip");
      assertFalse(headers(packed).containsKey("content-length"), packed);
    }
  }

  @Test
  void connection_goesOnBehindAHead() {
    try (RawHttp http = new RawHttp(server)) {
      for (String path : List.of("/", "/api/runs", "/api/runs/" + id + "/curves.csv", "/metrics")) {
        String head = http.send("HEAD " + path + " HTTP/1.1\r\n" + HOST + "\r\n\r\n").head();
        assertEquals(200, RawHttp.status(head), head);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|/api/runs|GET, HEAD, POST",
        "OPTIONS|/api/runs|GET, HEAD, POST",
        "POST|/api/runs/ID|DELETE, GET, HEAD, PATCH",
        "GET|/api/runs/ID/cancel|POST",
        "HEAD|/api/runs/ID/cancel|POST",
        "GET|/api/page-delays|POST",
        "POST|/api/schema|GET, HEAD",
        "DELETE|/metrics|GET, HEAD",
        "POST|/health/ready|GET, HEAD",
        "POST|/|GET, HEAD",
        "DELETE|/app.js|GET, HEAD",
        "HEAD|/api/live|GET",
        "HEAD|/api/runs/ID/live|GET"
      })
  void otherMethod_is405_andToldWhichThereAre(String method, String path, String allowed) {
    String answer = RawHttp.ask(server, method + " " + path.replace("ID", id) + " HTTP/1.1", HOST);
    assertEquals(405, RawHttp.status(answer), answer);
    assertEquals(allowed, headers(answer).get("allow"), answer);
    assertTrue(method.equals("HEAD") || answer.contains(", but to " + allowed), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/live", "/api/runs/ID/live"})
  void get_ofAWebSocket_saysWhatItIs(String path) {
    String answer = RawHttp.ask(server, "GET " + path.replace("ID", id) + " HTTP/1.1", HOST);
    assertEquals(426, RawHttp.status(answer), answer);
  }

  private static int status(String answer) {
    return RawHttp.status(answer);
  }

  private static Map<String, String> headers(String answer) {
    Map<String, String> headers = new TreeMap<>();
    answer
        .substring(0, answer.indexOf("\r\n\r\n"))
        .lines()
        .skip(1)
        .map(line -> line.split(": ", 2))
        .forEach(pair -> headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]));
    return headers;
  }
}
