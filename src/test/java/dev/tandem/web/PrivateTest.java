package dev.tandem.web;

import static dev.tandem.web.AccessFixture.SMALL;
import static dev.tandem.web.AccessFixture.TOKEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that shows nothing without its token. */
class PrivateTest {
  private static final String HOST = "Host: 127.0.0.1";
  private static final String BEARER = "Authorization: Bearer " + TOKEN;

  @TempDir static Path dataDir;
  private static TestServer server;
  private static String id;

  @BeforeAll
  static void startServer() {
    Access access =
        new Access(Optional.of(TOKEN), true, Set.of(), 100, 100, 100, Duration.ofMillis(300));
    server = TestServer.start(dataDir, access);
    HttpResponse<String> started =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/runs"))
                .headers("Content-Type", "application/json", "Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build());
    id = new JsonObject(started.body()).getString("id");
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs",
        "/api/runs/ID",
        "/api/runs/ID/events",
        "/api/runs/ID/curves.csv",
        "/api/runs/ID/live",
        "/api/runs/ID/predictions",
        "/api/datasets/mnist/test",
        "/api/live",
        "/api/schema",
        "/api/nothing",
        "/metrics"
      })
  void watching_withoutToken_is401_andWithIt_not(String path) {
    String line = "GET " + path.replace("ID", id) + " HTTP/1.1";
    String refused = RawHttp.ask(server, line, HOST);
    assertEquals(401, RawHttp.status(refused));
    assertTrue(refused.contains("application/problem+json"), refused);
    assertTrue(RawHttp.status(RawHttp.ask(server, line, HOST, BEARER)) != 401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api//runs",
        "//api/runs",
        "/./api/runs",
        "/api/./runs",
        "/x/../api/runs",
        "/%61pi/runs",
        "/api/%72uns",
        "/api%2Fruns",
        "/api/runs/",
        "/api/runs;x=1",
        "/api;x/runs",
        "/API/runs",
        "/api\\runs",
        "/api/runs%00",
        "/api/runs?x=/health/live",
        "/health/../api/runs",
        "/health/%2e%2e/api/runs",
        "/api/session/../runs",
        "/api/session/%2e%2e/runs",
        "http://127.0.0.1/api/runs",
        "/%2fapi/runs",
        "/metrics/",
        "//metrics",
        "/%6detrics"
      })
  void noSpelling_ofAnAddress_getsPast(String path) {
    String answer = RawHttp.ask(server, "GET " + path + " HTTP/1.1", HOST);
    assertTrue(Set.of(400, 401, 404).contains(RawHttp.status(answer)), answer);
    assertTrue(!answer.contains(id) && !answer.contains("tandem_"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/", "/app.js", "/api/session"})
  void healthAndThePageItself_areOpen(String path) {
    assertEquals(200, RawHttp.status(RawHttp.ask(server, "GET " + path + " HTTP/1.1", HOST)));
  }

  @Test
  void webSocket_opensWithTheToken_andNotWithout() {
    for (String path : new String[] {"/api/live", "/api/runs/" + id + "/live"}) {
      try (RawHttp refused = new RawHttp(server);
          RawHttp accepted = new RawHttp(server)) {
        assertEquals(401, RawHttp.status(refused.upgrade(path).head()));
        assertEquals(101, RawHttp.status(accepted.upgrade(path, BEARER).head()));
      }
    }
  }

  @Test
  void webSocket_isClosed_whenItsSessionEnds() {
    HttpResponse<String> signedIn =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/session"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + TOKEN + "\"}"))
                .build());
    String cookie = signedIn.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
    try (RawHttp socket = new RawHttp(server)) {
      String head = socket.upgrade("/api/live", "Cookie: " + cookie).head();
      assertEquals(101, RawHttp.status(head));
      // A ping, with no payload: it is open.
      assertEquals(0x89, socket.next());
      assertEquals(0, socket.next());
      HttpRequest out =
          HttpRequest.newBuilder(URI.create(server.url() + "/api/session"))
              .header("Cookie", cookie)
              .DELETE()
              .build();
      assertEquals(204, server.send(out).statusCode());
      while (socket.next() != 0x88) {
        // Pings that were under way.
      }
      socket.next();
      assertEquals(1008, socket.next() << 8 | socket.next());
    }
  }
}
