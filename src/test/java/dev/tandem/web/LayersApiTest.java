package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was seen in hidden layers, as a real server tells it. */
class LayersApiTest {
  private static final String SETTINGS =
      "\"trainingExamples\":310,\"testExamples\":100,\"epochs\":3,\"batchSize\":30,"
          + "\"hiddenLayers\":[16,8]";

  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(dataDir);
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Test
  void everyLook_isToldOnce_andLossesAreTheSameWithoutIt() {
    String id = ended("{%s}".formatted(SETTINGS));
    JsonArray events = server.events(id);
    List<Integer> none = iterations(events, "none");
    assertEquals(1, none.get(0));
    assertEquals(32, none.get(none.size() - 1));
    assertEquals(none.stream().distinct().sorted().toList(), none);
    assertEquals(none, iterations(events, "batch"));

    JsonObject last = all(events, "layers", "batch").get(none.size() - 1);
    assertEquals(1, last.getInteger("repeat"));
    assertEquals(2, last.getJsonArray("layers").size());
    JsonObject layer = last.getJsonArray("layers").getJsonObject(1);
    assertTrue(layer.getDouble("inputLow") < layer.getDouble("inputMedian"));
    assertTrue(layer.getDouble("gradientNorm") > 0);
    assertTrue(layer.getJsonObject("batchNorm").getDouble("gammaMin") > 0.5);
    assertNull(
        all(events, "layers", "none")
            .get(0)
            .getJsonArray("layers")
            .getJsonObject(0)
            .getJsonObject("batchNorm"));

    List<JsonObject> histograms = all(events, "histograms", "none");
    assertEquals(List.of(1, 2, 3), histograms.stream().map(h -> h.getInteger("epoch")).toList());
    JsonArray bins = histograms.get(0).getJsonArray("counts").getJsonArray(1);
    assertEquals(histograms.get(0).getJsonArray("edges").size() + 1, bins.size());
    assertEquals(800, bins.stream().mapToInt(bin -> (Integer) bin).sum());

    String without = ended("{%s,\"lens\":false}".formatted(SETTINGS));
    assertEquals(curves(without), curves(id));
    assertEquals(List.of(), iterations(server.events(without), "none"));
  }

  @Test
  void csv_hasARowForEachLayerOfEachLook() {
    String id = ended("{%s,\"repeats\":2}".formatted(SETTINGS));
    List<String> rows = server.get("/api/runs/" + id + "/layers.csv").body().lines().toList();
    int looks = all(server.events(id), "layers", "none").size() * 2;
    assertEquals(1 + 2 * looks, rows.size());
    int columns = rows.get(0).split(",").length;
    assertEquals(22, columns);
    assertTrue(rows.get(0).startsWith("variant,iteration,layer,sum_mean"), rows.get(0));
    for (String row : rows) {
      assertEquals(columns, row.split(",", -1).length, row);
      assertFalse(row.contains("null"), row);
    }
    assertTrue(rows.get(1).startsWith("none,1,1,"), rows.get(1));
    assertTrue(rows.get(rows.size() - 1).startsWith("batch,32,2,"), rows.get(rows.size() - 1));
    assertTrue(rows.get(rows.size() - 1).endsWith(",2"));
    assertEquals(404, server.get("/api/runs/none/layers.csv").statusCode());
  }

  @Test
  void resolution_thinsLosses_butNotLooks() {
    String id = ended("{%s}".formatted(SETTINGS));
    JsonArray thinned =
        new JsonArray(server.get("/api/runs/" + id + "/events?resolution=4").body());
    assertEquals(iterations(server.events(id), "batch"), iterations(thinned, "batch"));
    JsonArray without =
        new JsonArray(server.get("/api/runs/" + id + "/events?resolution=4&looks=0").body());
    assertEquals(List.of(), iterations(without, "batch"));
    assertEquals(
        thinned.size() - all(thinned, "layers").size() - all(thinned, "histograms").size(),
        without.size());
    assertEquals(400, server.get("/api/runs/" + id + "/events?looks=2").statusCode());
    // The least, the greatest and the last one.
    assertEquals(3, all(thinned, "steps", "batch").stream().mapToInt(s -> losses(s).size()).sum());
  }

  private static JsonArray losses(JsonObject steps) {
    return steps.getJsonArray("losses");
  }

  private static String ended(String request) {
    String id = server.startRun(request).getString("id");
    assertEquals("completed", server.awaitStatus(id, "completed", "failed").getString("status"));
    return id;
  }

  private static String curves(String id) {
    return server.get("/api/runs/" + id + "/curves.csv").body();
  }

  private static List<Integer> iterations(JsonArray events, String variant) {
    return all(events, "layers", variant).stream()
        .map(event -> event.getInteger("iteration"))
        .toList();
  }

  private static List<JsonObject> all(JsonArray events, String type) {
    return events.stream()
        .map(JsonObject.class::cast)
        .filter(event -> event.getString("type").equals(type))
        .toList();
  }

  private static List<JsonObject> all(JsonArray events, String type, String variant) {
    return all(events, type).stream()
        .filter(event -> event.getString("variant").equals(variant))
        .toList();
  }
}
