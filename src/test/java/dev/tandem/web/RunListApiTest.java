package dev.tandem.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of runs, as a client asks for parts of it. */
class RunListApiTest {
  @TempDir static Path dataDir;
  private static TestServer server;
  private static final List<String> IDS = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = TestServer.start(dataDir);
    for (int seed = 1; seed <= 5; seed++) {
      IDS.add(run(seed));
    }
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String run(int seed) {
    String request =
        "{\"trainingExamples\":60,\"testExamples\":100,\"epochs\":1,\"hiddenLayers\":[4],\"seed\":%d}";
    String id = server.startRun(request.formatted(seed)).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  @Test
  void page_saysHowManyThereAre_andWhereTheNextBegins() {
    JsonObject first = list("limit=2&search=layers+4");
    assertEquals(List.of(IDS.get(4), IDS.get(3)), ids(first));
    assertEquals(5, first.getInteger("found"));
    // A run that comes meanwhile moves nothing.
    String meanwhile = run(6);
    JsonObject second = list("limit=3&search=layers+4&before=" + next(first));
    assertEquals(List.of(IDS.get(2), IDS.get(1), IDS.get(0)), ids(second));
    assertEquals(6, second.getInteger("found"));
    assertNull(second.getString("next"));
    assertEquals(204, server.delete("/api/runs/" + meanwhile).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "name", "accuracy"})
  void everyOrder_isPagedThroughByItsNext(String sort) {
    for (String order : List.of("asc", "desc")) {
      String query = "sort=" + sort + "&order=" + order;
      List<String> paged = new ArrayList<>();
      JsonObject page = list(query + "&limit=2");
      paged.addAll(ids(page));
      while (page.getString("next") != null) {
        page = list(query + "&limit=2&before=" + next(page));
        paged.addAll(ids(page));
      }
      assertEquals(ids(list(query)), paged, query);
      assertEquals(Set.copyOf(IDS), Set.copyOf(paged));
    }
  }

  @Test
  void statuses_areGivenWithCommas_orOneByOne_andEmptyIsNone() {
    assertEquals(5, list("status=completed,failed").getInteger("found"));
    assertEquals(5, list("status=failed&status=completed").getInteger("found"));
    JsonObject none = list("status=failed");
    assertEquals(0, none.getInteger("found"));
    assertEquals(5, none.getInteger("total"));
    assertEquals(List.of(), ids(none));
    assertEquals(5, list("search=&sort=&order=&status=&before=").getInteger("found"));
  }

  @Test
  void faultyQuery_isAnsweredWithAllItsFaults() {
    String query = "limit=0&sort=size&order=up&status=gone&before=..%2F&search=" + "x".repeat(201);
    HttpResponse<String> answer = server.get("/api/runs?" + query);
    assertEquals(400, answer.statusCode());
    JsonObject errors = new JsonObject(answer.body()).getJsonObject("errors");
    assertEquals(
        Set.of("limit", "sort", "order", "status", "before", "search"), errors.fieldNames());
    assertEquals("must be time or name or accuracy, not \"size\"", errors.getString("sort"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search=a%00b",
        "before=x%00",
        "sort=accuracy&before=20261122-231502-417-k3f9",
        "sort=accuracy&before=best~20261122-231502-417-k3f9",
        "before=0.5~20261122-231502-417-k3f9",
        "sort=name&before=a%00~x"
      })
  void oneFault_isNamed(String query) {
    HttpResponse<String> answer = server.get("/api/runs?" + query);
    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(1, new JsonObject(answer.body()).getJsonObject("errors").size());
  }

  private static JsonObject list(String query) {
    HttpResponse<String> answer = server.get("/api/runs?" + query);
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  private static String next(JsonObject page) {
    return URLEncoder.encode(page.getString("next"), UTF_8);
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("runs").stream()
        .map(run -> ((JsonObject) run).getString("id"))
        .toList();
  }
}
