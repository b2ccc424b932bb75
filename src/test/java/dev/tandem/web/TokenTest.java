package dev.tandem.web;

import static dev.tandem.web.AccessFixture.SMALL;
import static dev.tandem.web.AccessFixture.TOKEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a token, as programs meet it. */
class TokenTest {
  @TempDir static Path dataDir;
  private static TestServer shared;

  /** The shared one, unless a test needs its own. */
  private TestServer server = shared;

  @BeforeAll
  static void startServer() {
    shared = TestServer.start(dataDir, AccessFixture.withToken());
  }

  @AfterAll
  static void closeServer() {
    shared.close();
  }

  @AfterEach
  void closeOwnServer() {
    if (server != shared) {
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/runs",
    "POST, /api/runs/nope/cancel",
    "DELETE, /api/runs/nope",
    "PUT, /api/runs",
    "PATCH, /nothing"
  })
  void change_withoutToken_is401(String method, String path) {
    HttpResponse<String> answer = send(method, path, "{}");
    assertEquals(401, answer.statusCode());
    assertEquals(
        "Bearer realm=\"Tandem\"", answer.headers().firstValue("www-authenticate").orElse(""));
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/schema",
        "/api/runs",
        "/api/session",
        "/metrics",
        "/health/live",
        "/health/ready"
      })
  void watching_withoutToken_isFree(String path) {
    assertEquals(200, server.get(path).statusCode());
  }

  @Test
  void run_isStartedWatchedCancelledAndDeleted_withBearer() {
    HttpResponse<String> started =
        send("POST", "/api/runs", "{\"epochs\":1000}", "Authorization", "Bearer " + TOKEN);
    assertEquals(201, started.statusCode(), started.body());
    String id = new JsonObject(started.body()).getString("id");
    server.follow("/api/runs/" + id + "/live").next();
    assertEquals(401, send("POST", "/api/runs/" + id + "/cancel", "").statusCode());
    assertEquals(401, send("DELETE", "/api/runs/" + id, "").statusCode());
    String[] bearer = {"Authorization", "bearer " + TOKEN};
    assertEquals(202, send("POST", "/api/runs/" + id + "/cancel", "", bearer).statusCode());
    server.awaitStatus(id, "cancelled");
    assertEquals(204, send("DELETE", "/api/runs/" + id, "", bearer).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer ",
        "Bearer wrong",
        "Bearer correct-horse-batter",
        "Bearer correct-horse-batteryy",
        "Bearer CORRECT-HORSE-BATTERY",
        "Basic dGFuZGVtOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ==",
        "correct-horse-battery"
      })
  void otherAuthorization_is401(String authorization) {
    assertEquals(
        401, send("POST", "/api/runs", SMALL, "Authorization", authorization).statusCode());
  }

  @Test
  void token_isTakenFromNoOtherPlace() {
    assertEquals(401, send("POST", "/api/runs?token=" + TOKEN, SMALL).statusCode());
    assertEquals(
        401, send("POST", "/api/runs", SMALL, "Cookie", cookieName() + "=" + TOKEN).statusCode());
  }

  @Test
  void session_doesWhatTheTokenDoes_untilItIsEnded() {
    HttpResponse<String> signedIn = signIn(TOKEN);
    assertEquals(200, signedIn.statusCode());
    String cookie = signedIn.headers().firstValue("set-cookie").orElseThrow();
    assertTrue(cookie.startsWith(cookieName() + "="), cookie);
    assertTrue(cookie.contains("; HTTPOnly") || cookie.contains("; HttpOnly"), cookie);
    assertTrue(cookie.contains("; SameSite=Strict"), cookie);
    assertTrue(cookie.contains("; Path=/"), cookie);
    assertTrue(cookie.contains("; Max-Age=604800"), cookie);
    assertFalse(cookie.contains(TOKEN), cookie);
    assertFalse(cookie.contains("Secure"), cookie);
    String[] kept = {"Cookie", cookie.split(";")[0]};
    assertEquals(
        new JsonObject("{\"required\":true,\"private\":false,\"signedIn\":true}"),
        new JsonObject(send("GET", "/api/session", "", kept).body()));
    assertEquals(201, send("POST", "/api/runs", SMALL, kept).statusCode());

    HttpResponse<String> out = send("DELETE", "/api/session", "", kept);
    assertEquals(204, out.statusCode());
    assertTrue(out.headers().firstValue("set-cookie").orElseThrow().contains("; Max-Age=0"));
    assertEquals(401, send("POST", "/api/runs", SMALL, kept).statusCode());
  }

  @Test
  void session_survivesARestart_butNotAnotherToken(@TempDir Path own) {
    server = TestServer.start(own, AccessFixture.withToken());
    String[] kept = {
      "Cookie", signIn(TOKEN).headers().firstValue("set-cookie").orElseThrow().split(";")[0]
    };
    String value = kept[1].substring(kept[1].indexOf('=') + 1);
    server.close();
    server = TestServer.start(own, AccessFixture.withToken());
    kept[1] = cookieName() + "=" + value;
    assertEquals(201, send("POST", "/api/runs", SMALL, kept).statusCode());
    server.close();
    Access other =
        new Access(
            java.util.Optional.of(TOKEN + "2"),
            false,
            java.util.Set.of(),
            10,
            10,
            10,
            Access.DEFAULTS.patience());
    server = TestServer.start(own, other);
    kept[1] = cookieName() + "=" + value;
    assertEquals(401, send("POST", "/api/runs", SMALL, kept).statusCode());
  }

  @Test
  void signIn_overTls_keepsTheCookieToTls() {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/session",
            new JsonObject().put("token", TOKEN).encode(),
            "X-Forwarded-Proto",
            "https");
    assertTrue(answer.headers().firstValue("set-cookie").orElseThrow().contains("; Secure"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"token\":1}", "{\"token\":null}", "[]", "", "{\"token\":\"x\"", "1"})
  void signIn_withoutAText_is400(String body) {
    HttpResponse<String> answer = send("POST", "/api/session", body);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.headers().firstValue("set-cookie").isEmpty());
  }

  @Test
  void guesses_areRefusedForAWhile_evenTheRightOne_butSessionsGoOn(@TempDir Path own) {
    server = TestServer.start(own, AccessFixture.withToken());
    String[] kept = {
      "Cookie", signIn(TOKEN).headers().firstValue("set-cookie").orElseThrow().split(";")[0]
    };
    for (int i = 0; i < 10; i++) {
      assertEquals(401, signIn("wrong" + i).statusCode());
    }
    HttpResponse<String> answer = signIn(TOKEN);
    assertEquals(429, answer.statusCode());
    assertTrue(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()) > 0);
    assertEquals(
        429, send("POST", "/api/runs", SMALL, "Authorization", "Bearer " + TOKEN).statusCode());
    assertEquals(201, send("POST", "/api/runs", SMALL, kept).statusCode());
    assertTrue(
        server.get("/metrics").body().contains("tandem_web_refusals_total{reason=\"token\"} 10.0"));
  }

  private String cookieName() {
    return "tandem-" + server.port();
  }

  private HttpResponse<String> signIn(String token) {
    return send("POST", "/api/session", new JsonObject().put("token", token).encode());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request.build());
  }
}
