package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.Settings;
import dev.tandem.TestServer;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.store.TestPostgres;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and other texts that nothing has, at every address that takes one, on both databases. */
class UnknownIdsTest {
  /** A character 0, halves of surrogate pairs, what is no UTF-8, and what is just no id. */
  private static final List<String> TEXTS =
      List.of(
          "%00",
          "a%00b",
          "20261122-231502-417-k3f%00",
          "20261122-231502-417-k3f9%00",
          "%ED%A0%80",
          "%ff",
          "%c0%80",
          "%27",
          "%F0%9F%98%80",
          "20261122-231502-417-K3F9",
          "20261122-231502-417-k3f9",
          "x".repeat(3000));

  private enum Kind {
    SQLITE,
    POSTGRESQL
  }

  @TempDir static Path dataDir;
  @TempDir static Path otherDir;
  private static TestServer sqlite;
  private static TestServer postgresql;

  @BeforeAll
  static void startServers() throws Exception {
    sqlite = TestServer.start(dataDir);
    postgresql =
        TestServer.start(
            new Settings(
                "127.0.0.1",
                0,
                otherDir,
                Optional.of(TestPostgres.emptyDatabase()),
                1000,
                true,
                2,
                1,
                BackendChoice.AUTO,
                Optional.empty(),
                List.of(),
                Access.DEFAULTS));
  }

  @AfterAll
  static void closeServers() {
    sqlite.close();
    postgresql.close();
  }

  private static TestServer of(Kind kind) {
    return kind == Kind.SQLITE ? sqlite : postgresql;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void id_thatNoRunHas_is404_atEveryAddress(Kind kind) {
    for (KnownRoutes.Known route : KnownRoutes.all()) {
      if (route.path().contains(":id")) {
        for (HttpMethod method : route.methods()) {
          for (String text : TEXTS) {
            String path = route.path().replace(":id", text).replace(":variant", "none");
            boolean opens = route.opensSocket() && method == HttpMethod.GET;
            String answer = opens ? open(kind, path) : ask(kind, method, path);
            // A body is looked at first; and what has no form of an id is not asked for at all.
            assertTrue(
                Set.of(404, 405).contains(RawHttp.status(answer))
                    || RawHttp.status(answer) == 400 && answer.contains("\"errors\""),
                method + " " + path + ": " + answer);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void variant_thatNoRunHas_is404_atEveryAddress(Kind kind) {
    String id = of(kind).startRun(AccessFixture.SMALL).getString("id");
    of(kind).awaitStatus(id, "completed");
    for (KnownRoutes.Known route : KnownRoutes.all()) {
      if (route.path().contains(":variant")) {
        for (String text : TEXTS) {
          String path = route.path().replace(":id", id).replace(":variant", text);
          for (HttpMethod method : route.methods()) {
            String answer = ask(kind, method, path);
            assertEquals(404, RawHttp.status(answer), path + ": " + answer);
          }
        }
      }
    }
    assertEquals(
        id, runs(kind, "/api/runs?before=").get(0), "an empty before= is none: the newest run");
    assertEquals(List.of(), runs(kind, "/api/runs?before=" + id));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void before_thatIsNoId_is400(Kind kind) {
    for (String text : TEXTS) {
      boolean couldBe = text.equals("20261122-231502-417-k3f9");
      String answer = ask(kind, HttpMethod.GET, "/api/runs?before=" + text);
      assertEquals(couldBe ? 200 : 400, RawHttp.status(answer), answer);
      assertTrue(couldBe || answer.contains("\"before\":\"must "), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs?limit=%00",
        "/api/runs?other=a%00",
        "/api/runs?%00=a",
        "/api/datasets/mnist/test?from=%00",
        "/?x=%00",
        "/api/session?x=%00"
      })
  void query_withACharacter0_is400(String path) {
    String answer = ask(Kind.SQLITE, HttpMethod.GET, path);
    assertEquals(400, RawHttp.status(answer), answer);
    assertTrue(answer.contains("\"errors\":{"), answer);
  }

  private static List<String> runs(Kind kind, String path) {
    return new JsonObject(of(kind).get(path).body())
        .getJsonArray("runs").stream().map(run -> ((JsonObject) run).getString("id")).toList();
  }

  private static String ask(Kind kind, HttpMethod method, String path) {
    boolean reads = method == HttpMethod.GET || method == HttpMethod.HEAD;
    String body = reads ? "" : method == HttpMethod.PATCH ? "{\"name\":\"x\"}" : "{}";
    try (RawHttp http = new RawHttp(of(kind))) {
      return http.send(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n")
          .send("Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
          .send("Connection: close\r\n\r\n" + body)
          .untilClosed();
    }
  }

  private static String open(Kind kind, String path) {
    try (RawHttp http = new RawHttp(of(kind))) {
      return http.upgrade(path).head();
    }
  }
}
