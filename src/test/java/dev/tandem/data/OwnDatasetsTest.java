package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.web.Access;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs on Fashion-MNIST and on the operator's own images, with the real server. */
@Execution(ExecutionMode.SAME_THREAD)
class OwnDatasetsTest {
  private static final List<String> PETS = List.of("cat", "dog", "emu");
  private static final String SMALL =
      "{\"dataset\":\"%s\",\"epochs\":2,\"batchSize\":20,\"hiddenLayers\":[8]}";

  @TempDir static Path folders;
  private static Path pets;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    pets = folders.resolve("own/pets");
    for (int k = 0; k < PETS.size(); k++) {
      Pictures.writeClass(pets.resolve(PETS.get(k)), 30, 80 * k);
    }
    Files.createDirectories(folders.resolve("own/broken"));
    server = start(folders.resolve("own"));
  }

  private static TestServer start(Path own) {
    return start(own, folders.resolve("data"));
  }

  private static TestServer start(Path own, Path dataDir) {
    return TestServer.start(
        TestServer.settings("127.0.0.1", dataDir, 2, Optional.of(own), List.of(), Access.DEFAULTS));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void datasets_areListed_withWhatIsKnownOfThem() {
    JsonObject mnist = dataset("mnist");
    assertEquals("MNIST", mnist.getString("title"));
    assertEquals("digit", mnist.getString("item"));
    assertEquals(10, mnist.getJsonArray("classes").size());
    assertEquals(60_000, mnist.getInteger("training"));
    assertEquals(10_000, mnist.getInteger("test"));
    assertEquals(28, mnist.getInteger("width"));
    assertEquals(28, mnist.getInteger("height"));
    assertEquals(new JsonArray("[-1.0,1.0]"), mnist.getJsonArray("scaling"));
    assertEquals("downloadable", mnist.getString("place"));
    assertEquals(
        new JsonObject("{\"training\":5000,\"test\":1000}"), mnist.getJsonObject("embedded"));
    assertNull(mnist.getString("fault"));
    JsonObject own = dataset("pets");
    assertEquals(new JsonArray(PETS), own.getJsonArray("classes"));
    assertEquals(90, own.getInteger("training") + own.getInteger("test"));
    assertEquals("folder", own.getString("place"));
    assertTrue(dataset("broken").getString("fault").contains("neither the four IDX files nor"));
  }

  @Test
  void schema_namesTheDatasetsThatWork() {
    JsonObject schema = new JsonObject(server.get("/api/schema").body());
    assertEquals(
        new JsonArray("[\"mnist\",\"fashion-mnist\",\"pets\"]"),
        schema.getJsonObject("properties").getJsonObject("dataset").getJsonArray("enum"));
  }

  @Test
  void request_whereNothingIsUsable_isAnswered_withTheReason() throws IOException {
    Path empty = Files.createDirectories(folders.resolve("empty"));
    try (TestServer without = start(empty, folders.resolve("other"))) {
      for (String body : List.of("{}", "{\"dataset\":\"mnist\"}")) {
        HttpResponse<String> answer = without.post("/api/runs", body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("None is usable"), answer.body());
      }
    }
  }

  @Test
  void request_forWhatIsNotThere_isRefusedWithWhatIs() {
    assertEquals(
        "must be \"mnist\", \"fashion-mnist\" or \"pets\", not \"cifar\"",
        fault("{\"dataset\":\"cifar\"}", "dataset"));
    String broken = fault("{\"dataset\":\"broken\"}", "dataset");
    assertTrue(broken.startsWith("\"broken\" can't be used: The folder "), broken);
    assertTrue(broken.endsWith("Usable are mnist, fashion-mnist, pets"), broken);
    int training = dataset("pets").getInteger("training");
    assertEquals(
        "must be at most %d: so many training images has pets".formatted(training),
        fault("{\"dataset\":\"pets\",\"trainingExamples\":5000,\"epochs\":0}", "trainingExamples"));
    assertEquals(
        "must be 3: so many has pets. It need not be given",
        fault("{\"dataset\":\"pets\",\"classes\":10}", "classes"));
  }

  @Test
  void run_onOwnImages_isOfTheirClasses_alsoOnceTheFolderIsGone() throws Exception {
    JsonObject run = server.startRun(SMALL.formatted("pets"));
    String id = run.getString("id");
    // As many as there are, where the usual number is larger.
    JsonObject settings = run.getJsonObject("settings");
    assertEquals(dataset("pets").getInteger("training"), settings.getInteger("trainingExamples"));
    assertEquals(3, settings.getInteger("classes"));
    server.awaitStatus(id, "completed");
    assertEquals(new JsonArray(PETS), server.run(id).getJsonObject("data").getJsonArray("classes"));
    assertAnswers(id, PETS);

    JsonObject table = predictions(server, id);
    assertEquals(new JsonArray(PETS), table.getJsonArray("classes"));
    JsonObject column = table.getJsonArray("variants").getJsonObject(0);
    JsonArray confusion = column.getJsonArray("confusion");
    assertEquals(3, confusion.size());
    assertEquals(3, confusion.getJsonArray(0).size());
    JsonObject images =
        new JsonObject(server.get("/api/datasets/pets/test?count=4&run=" + id).body());
    assertEquals(new JsonArray(PETS), images.getJsonArray("classes"));
    assertEquals(4, images.getJsonArray("labels").size());
    assertEquals(
        "This run was not tested on mnist, but on pets.",
        new JsonObject(server.get("/api/datasets/mnist/test?count=4&run=" + id).body())
            .getString("detail"));
    assertEquals(3, outputs(id));

    // What a copied command sends starts the same run again.
    String again = server.startRun(settings.encode()).getString("id");
    server.awaitStatus(again, "completed");
    assertEquals(
        server.get("/api/runs/" + id + "/curves.csv").body().lines().count(),
        server.get("/api/runs/" + again + "/curves.csv").body().lines().count());

    server.close();
    try (TestServer without = start(Files.createDirectories(folders.resolve("other/pets/a")))) {
      assertEquals(
          new JsonArray(PETS), without.run(id).getJsonObject("data").getJsonArray("classes"));
      JsonObject asked = ask(without, id);
      assertEquals(3, probabilities(asked).size());
      assertNotNull(
          predictions(without, id)
              .getJsonArray("variants")
              .getJsonObject(0)
              .getString("unavailable"));
    }
    server = start(folders.resolve("own"));
    assertEquals(table, predictions(server, id));
  }

  @Test
  void run_onFashionMnist_speaksOfItsClasses() {
    String id =
        server
            .startRun(
                "{\"dataset\":\"fashion-mnist\",\"trainingExamples\":60,\"testExamples\":20,"
                    + "\"epochs\":1,\"batchSize\":20,\"hiddenLayers\":[8]}")
            .getString("id");
    server.awaitStatus(id, "completed");
    JsonArray classes = dataset("fashion-mnist").getJsonArray("classes");
    assertEquals("Ankle boot", classes.getString(9));
    assertEquals(classes, server.run(id).getJsonObject("data").getJsonArray("classes"));
    assertAnswers(id, classes.stream().map(String::valueOf).toList());
    assertEquals(10, predictions(server, id).getJsonArray("classes").size());
    assertTrue(server.get("/metrics").body().contains("dataset=\"fashion-mnist\""));
  }

  @Test
  void testImages_ofAnUnknownDataset_areNotFound() {
    HttpResponse<String> answer = server.get("/api/datasets/cifar/test");
    assertEquals(404, answer.statusCode());
    assertEquals(
        "There is no dataset named \"cifar\" here. There are: mnist, fashion-mnist, broken, pets.",
        new JsonObject(answer.body()).getString("detail"));
    assertEquals(404, server.get("/api/datasets/..%2fown/test").statusCode());
  }

  private static void assertAnswers(String id, List<String> classes) {
    JsonObject asked = ask(server, id);
    assertEquals(new JsonArray(classes), asked.getJsonArray("classes"));
    assertEquals(classes.size(), probabilities(asked).size());
  }

  private static JsonObject ask(TestServer on, String id) {
    return new JsonObject(
        on.post(
                "/api/runs/" + id + "/predict",
                new JsonObject().put("image", new JsonArray(Collections.nCopies(784, 0))).encode())
            .body());
  }

  private static JsonArray probabilities(JsonObject asked) {
    return asked.getJsonArray("answers").getJsonObject(1).getJsonArray("probabilities");
  }

  private static JsonObject predictions(TestServer on, String id) {
    return new JsonObject(on.get("/api/runs/" + id + "/predictions").body());
  }

  /** Units of the last layer of the network that is downloaded. */
  private static long outputs(String id) throws Exception {
    Path zip = folders.resolve("model.zip");
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/runs/" + id + "/models/batch"))
                .build(),
            HttpResponse.BodyHandlers.ofFile(zip));
    return ModelSerializer.restoreMultiLayerNetwork(zip.toFile(), false)
        .getOutputLayer()
        .getParam("b")
        .length();
  }

  private static JsonObject dataset(String name) {
    return new JsonObject(server.get("/api/datasets").body())
        .getJsonArray("datasets").stream()
            .map(JsonObject.class::cast)
            .filter(of -> of.getString("name").equals(name))
            .findFirst()
            .orElseThrow();
  }

  private static String fault(String request, String field) {
    HttpResponse<String> answer = server.post("/api/runs", request);
    assertEquals(400, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getJsonObject("errors").getString(field);
  }
}
