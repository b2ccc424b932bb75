package dev.tandem.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as people of all languages give them, wherever a variant's name is used. */
class VariantNameTest {
  private static final List<String> NAMES =
      List.of(
          "lr=0.01/wide, \"deep\"",
          "\u0939\u093f\u0928\u094d\u0926\u0940 (no BN)",
          "Cafe\u0301 \\ 'x' {$y} ?&#%2F",
          "\ud83c\udfc1\u200d<b>");

  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(dataDir);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void names_areKept_andUsedInAddressesTablesAndLabels() {
    String id = run(NAMES);
    JsonArray trainings = server.run(id).getJsonArray("trainings");
    String curves = server.get("/api/runs/" + id + "/curves.csv").body();
    String layers = server.get("/api/runs/" + id + "/layers.csv").body();
    String metrics = server.get("/metrics").body();
    for (int i = 0; i < NAMES.size(); i++) {
      String kept = Normalizer.normalize(NAMES.get(i), Normalizer.Form.NFC);
      assertEquals(kept, trainings.getJsonObject(i).getString("variant"));
      for (String asked : List.of(kept, NAMES.get(i))) {
        String encoded = URLEncoder.encode(asked, UTF_8).replace("+", "%20");
        for (String address : List.of("losses/" + encoded, "losses?variant=" + encoded)) {
          HttpResponse<String> answer = server.get("/api/runs/" + id + "/" + address);
          assertEquals(200, answer.statusCode(), address + answer.body());
          assertEquals(kept, new JsonObject(answer.body()).getString("variant"));
        }
        for (String address : List.of("models/" + encoded, "models?variant=" + encoded)) {
          assertEquals(200, server.get("/api/runs/" + id + "/" + address).statusCode(), address);
        }
      }
      String cell = kept.contains(",") ? '"' + kept.replace("\"", "\"\"") + '"' : kept;
      assertTrue(curves.contains("\n" + cell + ",1,1,"), curves);
      assertTrue(layers.contains("\n" + cell + ",1,1,"), layers);
      String label = kept.replace("\\", "\\\\").replace("\"", "\\\"");
      assertTrue(metrics.contains("variant=\"" + label + "\"}"), metrics);
    }
    String search = URLEncoder.encode("CAF\u00c9 \u0939\u093f\u0928\u094d\u0926\u0940", UTF_8);
    JsonObject found = new JsonObject(server.get("/api/runs?search=" + search).body());
    assertEquals(1, found.getInteger("found"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1", "+1", "-1", "@x", " x", "x ", "x\n", "x\u2028", "x\ty", "\u0301x", "\u202ex",
      })
  void name_thatCouldBeTakenForSomethingElse_isRefused(String name) {
    HttpResponse<String> answer = server.post("/api/runs", request(List.of(name, "other")));
    assertEquals(400, answer.statusCode(), answer.body());
    String message =
        new JsonObject(answer.body()).getJsonObject("errors").getString("variants[0].name");
    assertTrue(message.contains("signs and spaces"), message);
  }

  @Test
  void sameNameTypedInTwoWays_isRefusedAsTheSame() {
    HttpResponse<String> answer =
        server.post("/api/runs", request(List.of("caf\u00e9", "cafe\u0301")));
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("a name of its own"), answer.body());
  }

  @Test
  void longestName_isCountedInCharacters_afterItIsComposed() {
    String id = run(List.of("\ud83c\udfc1".repeat(40), "\u0958".repeat(20)));
    assertEquals("completed", server.run(id).getString("status"));
    HttpResponse<String> answer =
        server.post("/api/runs", request(List.of("\u0958".repeat(21), "other")));
    assertEquals(400, answer.statusCode(), answer.body());
  }

  private static String run(List<String> names) {
    String id = server.startRun(request(names)).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  private static String request(List<String> names) {
    JsonArray variants = new JsonArray();
    names.forEach(
        name -> variants.add(new JsonObject().put("normalization", "none").put("name", name)));
    return new JsonObject()
        .put("trainingExamples", 120)
        .put("testExamples", 100)
        .put("epochs", 1)
        .put("hiddenLayers", new JsonArray().add(4))
        .put("variants", variants)
        .encode();
  }
}
