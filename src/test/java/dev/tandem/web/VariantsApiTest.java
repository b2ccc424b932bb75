package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose variants differ in everything that they may, as a client of the API sees it. */
class VariantsApiTest {
  private static final String REQUEST =
      """
      {"trainingExamples":300,"testExamples":100,"epochs":2,"hiddenLayers":[16,8],"variants":[
       {},
       {"optimizer":"sgd","learningRate":0.1},
       {"activation":"gelu","dropout":0.2},
       {"normalization":"layer","batchSize":1},
       {"normalization":"batch","batchSize":7,"initialScale":0.1},
       {"hiddenLayers":[8,16,8],"optimizer":"nesterov","momentum":0.5,"weightDecay":0.01}]}""";

  /** Iterations by the names that the variants are given. */
  private static final Map<String, Integer> ITERATIONS = new LinkedHashMap<>();

  static {
    ITERATIONS.put("baseline", 2 * 5);
    ITERATIONS.put("SGD, 0.1", 2 * 5);
    ITERATIONS.put("GELU, dropout 0.2", 2 * 5);
    ITERATIONS.put("layer, batches of 1", 2 * 300);
    ITERATIONS.put("batch, scale 0.1, batches of 7", 2 * 43);
    ITERATIONS.put("8-16-8, Nesterov, momentum 0.5, deca…", 2 * 5);
  }

  @TempDir static Path dataDir;
  private static TestServer server;
  private static String run;

  /** Before there is another run. */
  private static String metrics;

  @BeforeAll
  static void train() {
    server = TestServer.start(dataDir);
    run = server.startRun(REQUEST).getString("id");
    server.awaitStatus(run, "completed");
    metrics = server.get("/metrics").body();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void everyVariant_hasIterationsOfItsOwn() {
    JsonArray trainings = server.run(run).getJsonArray("trainings");
    Map<String, Integer> iterations = new LinkedHashMap<>();
    for (int i = 0; i < trainings.size(); i++) {
      JsonObject training = trainings.getJsonObject(i);
      assertEquals(2, training.getInteger("epoch"));
      iterations.put(training.getString("variant"), training.getInteger("iteration"));
    }
    assertEquals(ITERATIONS, iterations);
    assertEquals(List.copyOf(ITERATIONS.keySet()), List.copyOf(iterations.keySet()));
  }

  @Test
  void table_hasEachVariantsRows_withTheTestsAtItsEpochsEnds() {
    List<String> rows = server.get("/api/runs/" + run + "/curves.csv").body().lines().toList();
    assertEquals(1 + ITERATIONS.values().stream().mapToInt(Integer::intValue).sum(), rows.size());
    for (String end :
        List.of(
            "baseline,5,1,",
            "\"layer, batches of 1\",300,1,",
            "\"layer, batches of 1\",600,2,",
            "\"batch, scale 0.1, batches of 7\",43,1,")) {
      String row = rows.stream().filter(of -> of.startsWith(end)).findFirst().orElseThrow();
      assertTrue(row.matches(".*,\\d+\\.\\d+(E-\\d+)?,\\d+\\.\\d+(E-\\d+)?,\\d\\.\\d+"), row);
    }
    assertTrue(rows.stream().anyMatch(row -> row.matches("\"layer, batches of 1\",5,1,[^,]+,,")));
  }

  @Test
  void smoothedLines_areThinned_eachByItsOwnLength() {
    JsonObject answer =
        new JsonObject(server.get("/api/runs/" + run + "/smoothed?resolution=60").body());
    assertEquals(30, answer.getInteger("stride"));
    Map<String, Integer> strides = new LinkedHashMap<>();
    answer
        .getJsonArray("lines")
        .forEach(
            line ->
                strides.put(
                    ((JsonObject) line).getString("variant"),
                    ((JsonObject) line).getInteger("stride")));
    assertEquals(List.of(1, 1, 1, 30, 5, 1), List.copyOf(strides.values()));
  }

  @Test
  void everyNetwork_canBeAsked_lookedInto_andTaken() {
    JsonObject predictions = new JsonObject(server.get("/api/runs/" + run + "/predictions").body());
    assertEquals(100, predictions.getJsonArray("labels").size());
    String layers = server.get("/api/runs/" + run + "/layers.csv").body();
    for (String name : ITERATIONS.keySet()) {
      assertTrue(
          layers.contains("\n" + (name.contains(",") ? '"' + name + '"' : name) + ",1,1,"), name);
      String models =
          "/api/runs/%s/models?variant=%s&format="
              .formatted(run, URLEncoder.encode(name, StandardCharsets.UTF_8));
      assertEquals(200, server.get(models + "npz").statusCode(), name);
      boolean lacking = name.startsWith("GELU") || name.startsWith("layer");
      assertEquals(lacking ? 404 : 200, server.get(models + "dl4j").statusCode(), name);
    }
  }

  @Test
  void countersGoByNormalization_gaugesByName() {
    assertTrue(
        metrics.contains("tandem_training_examples_total{variant=\"layer\"} 600.0"), metrics);
    assertTrue(metrics.contains("tandem_training_examples_total{variant=\"batch\"} 600.0"));
    assertTrue(metrics.contains("tandem_training_examples_total{variant=\"none\"} 2400.0"));
    assertTrue(
        metrics.contains(
            "tandem_training_iteration{run=\"%s\",variant=\"layer, batches of 1\"} 600.0"
                .formatted(run)),
        metrics);
  }

  @Test
  void runs_areFound_byWhatTheirVariantsChange() {
    for (String search : List.of("nesterov", "dropout 0.2", "batch size 7", "momentum 0.5")) {
      JsonObject found =
          new JsonObject(
              server
                  .get("/api/runs?search=" + URLEncoder.encode(search, StandardCharsets.UTF_8))
                  .body());
      assertEquals(1, found.getInteger("found"), search);
    }
  }

  @Test
  void settings_canBeSentAgain_asTheyWereAnswered() {
    JsonObject settings = server.run(run).getJsonObject("settings");
    JsonObject again = server.startRun(settings.encode());
    assertEquals(settings, again.getJsonObject("settings"));
    server.post("/api/runs/" + again.getString("id") + "/cancel", "");
  }

  @Test
  void variants_thatAreTooMany_orFaulty_areRefusedTogether() {
    HttpResponse<String> many = server.post("/api/runs", "{\"variants\":[{},{},{},{},{},{},{}]}");
    assertEquals(
        "must be a list of 2 to 6 entries, not one of 7",
        new JsonObject(many.body()).getJsonObject("errors").getString("variants"));
    HttpResponse<String> faulty =
        server.post(
            "/api/runs",
            """
            {"batchSize":1,"variants":[{"normalization":"batch","dropout":2},{"momentum":0.5},
             {"network":"cnn"}]}""");
    assertEquals(
        java.util.Set.of(
            "batchSize", "variants[0].dropout", "variants[1].momentum", "variants[2].network"),
        new JsonObject(faulty.body()).getJsonObject("errors").fieldNames(),
        faulty.body());
  }

  @Test
  void schema_saysWhatAVariantMayChange_andWhereAFieldApplies() {
    JsonObject properties =
        new JsonObject(server.get("/api/schema").body()).getJsonObject("properties");
    JsonObject ofVariant =
        properties.getJsonObject("variants").getJsonObject("items").getJsonObject("properties");
    assertEquals(
        properties.getJsonObject("optimizer").getJsonArray("enum"),
        ofVariant.getJsonObject("optimizer").getJsonArray("enum"));
    assertTrue(
        ofVariant.stream().allMatch(of -> !((JsonObject) of.getValue()).containsKey("default")));
    assertEquals(
        new JsonArray().add("momentum").add("nesterov"),
        ofVariant.getJsonObject("momentum").getJsonObject("x-applies").getJsonArray("optimizer"));
  }
}
