package dev.tandem.web;

import static dev.tandem.web.AccessFixture.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that want too much, or take too long; the server's patience is cut to a fraction. */
class LimitsTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String HEAD = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n";

  @TempDir Path dataDir;
  private TestServer server;

  @AfterEach
  void closeServer() {
    server.close();
  }

  private void start(int viewers, int connections, int starts, Duration patience) {
    server =
        TestServer.start(dataDir, AccessFixture.withLimits(viewers, connections, starts, patience));
  }

  @Test
  void headThatNeverEnds_isCutOff_howeverItTrickles() {
    start(10, 10, 10, Duration.ofMillis(300));
    try (RawHttp silent = new RawHttp(server);
        RawHttp trickling = new RawHttp(server)) {
      assertEquals("", silent.untilClosed());
      trickling.send(HEAD);
      TestServer.until(() -> !sends(trickling, "X-A: b\r\n"));
    }
    assertEquals(2, metric("tandem_web_refusals_total{reason=\"slow\"}"));
  }

  @Test
  void bodyThatNeverEnds_isCutOff() {
    start(10, 10, 10, Duration.ofMillis(300));
    try (RawHttp http = new RawHttp(server)) {
      http.send(
          "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
              + "Content-Length: 10000\r\n\r\n{");
      TestServer.until(() -> !sends(http, " "));
    }
    assertEquals(1, metric("tandem_web_refusals_total{reason=\"slow\"}"));
  }

  @Test
  void connectionThatRests_isClosedInTheEnd_withoutBlame() {
    start(10, 10, 10, Duration.ofMillis(200));
    try (RawHttp http = new RawHttp(server)) {
      http.send(HEAD + "\r\n").head();
      http.untilClosed();
    }
    assertEquals(0, metric("tandem_web_refusals_total{reason=\"slow\"}"));
  }

  @Test
  void quietWebSocket_thatAnswersPings_staysOpen_oneThatDoesNot_isClosed() {
    start(10, 10, 10, Duration.ofMillis(100));
    try (RawHttp answers = new RawHttp(server);
        RawHttp ignores = new RawHttp(server)) {
      answers.upgrade("/api/live").head();
      ignores.upgrade("/api/live").head();
      // Far longer than an unanswered ping (1.8 s) or a resting connection (0.6 s) is borne.
      for (int pings = 0; pings < 20; pings++) {
        assertEquals(0x89, answers.next());
        assertEquals(0, answers.next());
        answers.send(new byte[] {(byte) 0x8a, (byte) 0x80, 1, 2, 3, 4});
      }
      String heard = ignores.untilClosed();
      assertTrue(heard.contains("\u0003\u00f0No answer to pings."), heard);
      assertEquals(0x89, answers.next());
    }
  }

  @Test
  void webSocketThatTalks_isClosed() {
    start(10, 10, 10, LONG);
    try (RawHttp text = new RawHttp(server);
        RawHttp pings = new RawHttp(server);
        RawHttp large = new RawHttp(server)) {
      text.upgrade("/api/live").head();
      text.send(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'});
      assertTrue(text.send(closeFrame()).untilClosed().contains("There is nothing to say here."));
      pings.upgrade("/api/live").head();
      for (int i = 0; i < 101; i++) {
        pings.send(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});
      }
      assertTrue(pings.send(closeFrame()).untilClosed().contains("There is nothing to say here."));
      // A frame of 2^40 bytes, announced.
      large.upgrade("/api/live").head();
      large.send(new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
      large.untilClosed();
    }
  }

  @Test
  void viewersBeyondTheBound_areToldSo_untilOneLeaves() {
    start(2, 20, 10, LONG);
    List<TestServer.Frames> two =
        new ArrayList<>(List.of(server.follow("/api/live"), server.follow("/api/live")));
    try (RawHttp third = new RawHttp(server)) {
      String answer = third.upgrade("/api/live").head();
      assertEquals(503, RawHttp.status(answer));
      assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("retry-after: 5"), answer);
    }
    assertEquals(1, metric("tandem_web_refusals_total{reason=\"viewers\"}"));
    // A page that can't see why its WebSocket was refused asks without one.
    assertEquals(503, server.get("/api/live").statusCode());
    TestServer.await(two.get(0).socket().close());
    TestServer.until(
        () -> {
          try (RawHttp next = new RawHttp(server)) {
            return RawHttp.status(next.upgrade("/api/live").head()) == 101;
          }
        });
  }

  @Test
  void connectionsBeyondTheBound_areToldSo_andHealthIsNot() {
    start(10, 5, 10, LONG);
    List<RawHttp> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        idle.add(new RawHttp(server));
      }
      // The five are counted once the server has accepted them.
      TestServer.until(
          () -> RawHttp.status(RawHttp.ask(server, "GET / HTTP/1.1", "Host: 127.0.0.1")) == 503);
      String answer = RawHttp.ask(server, "GET /api/runs HTTP/1.1", "Host: 127.0.0.1");
      assertTrue(answer.contains("5 connections are open already."), answer);
      assertTrue(answer.contains("application/problem+json"), answer);
      assertEquals(
          200, RawHttp.status(RawHttp.ask(server, "GET /health/live HTTP/1.1", "Host: 127.0.0.1")));
      // Those far beyond get no answer at all.
      for (int i = 0; i < 70; i++) {
        idle.add(new RawHttp(server));
      }
      assertEquals("", idle.get(74).untilClosed());
    } finally {
      idle.forEach(RawHttp::close);
    }
    // Until the server has noticed that they are gone, it may still close without an answer.
    TestServer.until(
        () ->
            RawHttp.ask(server, "GET /api/runs HTTP/1.1", "Host: 127.0.0.1")
                .startsWith("HTTP/1.1 200"));
    assertTrue(metric("tandem_web_refusals_total{reason=\"connections\"}") >= 3);
    TestServer.until(() -> metric("tandem_web_connections") <= 2);
  }

  @Test
  void webSockets_areCountedAsConnections_onceEach() {
    start(10, 10, 10, Duration.ofSeconds(1));
    TestServer.Frames frames = server.follow("/api/live");
    TestServer.until(() -> metric("tandem_web_connections") == 2);
    TestServer.await(frames.socket().close());
    TestServer.until(() -> metric("tandem_web_connections") == 1);
  }

  @Test
  void startsBeyondTheRate_areRefused_faultyOnesNotCounted() {
    start(10, 10, 3, LONG);
    for (int i = 0; i < 5; i++) {
      assertEquals(400, server.post("/api/runs", "{\"epochs\":0}").statusCode());
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(201, server.post("/api/runs", SMALL).statusCode());
    }
    HttpResponse<String> refused = server.post("/api/runs", SMALL);
    assertEquals(429, refused.statusCode());
    int wait = Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow());
    assertTrue(wait > 0 && wait <= 20, "" + wait);
    assertEquals(
        "3 runs a minute may be started from one address. Try again in " + wait + " s.",
        new JsonObject(refused.body()).getString("detail"));
    assertEquals(1, metric("tandem_web_refusals_total{reason=\"starts\"}"));
  }

  @Test
  void headsTooLong_areRefused_withAProblem() {
    start(10, 10, 10, LONG);
    String line = RawHttp.ask(server, "GET /" + "x".repeat(4100) + " HTTP/1.1");
    assertEquals(414, RawHttp.status(line));
    String header =
        RawHttp.ask(server, "GET / HTTP/1.1", "Host: 127.0.0.1", "X: " + "x".repeat(8200));
    assertEquals(431, RawHttp.status(header));
    StringBuilder many = new StringBuilder("Host: 127.0.0.1");
    for (int i = 0; i < 2000; i++) {
      many.append("\r\nX-").append(i).append(": y");
    }
    assertEquals(431, RawHttp.status(RawHttp.ask(server, "GET / HTTP/1.1", many.toString())));
    for (String answer : List.of(line, header)) {
      assertTrue(answer.contains("application/problem+json"), answer);
      assertFalse(answer.contains("Exception"), answer);
    }
  }

  @Test
  void ambiguousLengths_areRefused() {
    start(10, 10, 10, LONG);
    String both =
        RawHttp.ask(
            server,
            "POST /api/runs HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            "Content-Length: 2",
            "Content-Length: 3");
    assertEquals(400, RawHttp.status(both), both);
    // With both, the length does not count: nothing can be smuggled behind it.
    try (RawHttp http = new RawHttp(server)) {
      String answers =
          http.send(
                  "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                      + "Connection: close\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\n\r\n")
              .untilClosed();
      assertEquals(1, answers.split("HTTP/1\\.1 ", -1).length - 1, answers);
      assertEquals(400, RawHttp.status(answers), answers);
    }
  }

  private static boolean sends(RawHttp http, String text) {
    try {
      http.send(text);
      return true;
    } catch (java.io.UncheckedIOException e) {
      return false;
    }
  }

  private static byte[] closeFrame() {
    return new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8};
  }

  private double metric(String name) {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }
}
