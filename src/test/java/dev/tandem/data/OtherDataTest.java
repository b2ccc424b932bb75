package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.DataFingerprint;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunEvent;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import dev.tandem.training.TrainingVerticle;
import dev.tandem.web.Access;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole server, started again with another datasets folder. */
@Execution(ExecutionMode.CONCURRENT)
class OtherDataTest {
  private static final String LONG =
      "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":300,\"hiddenLayers\":[16],"
          + "\"iterationsPerSecond\":%s}";
  private static final String SHORT =
      "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":2,\"hiddenLayers\":[16]}";

  @TempDir static Path folders;
  private static Path digits;
  private static Path shoes;

  @TempDir Path dataDir;

  @BeforeAll
  static void write() throws IOException {
    digits = Files.createDirectory(folders.resolve("digits"));
    shoes = Files.createDirectory(folders.resolve("shoes"));
    new MnistFixture(1).write(digits, IdxPart::plainName, false);
    new MnistFixture(2).write(shoes, IdxPart::gzipName, true);
  }

  @Test
  void fingerprint_isOfTheImagesUsed_whereverTheyLie() throws Exception {
    Path plain = Files.createDirectory(dataDir.resolve("plain"));
    new MnistFixture(2).write(plain, IdxPart::plainName, false);
    Dataset a = load(shoes, 600);
    Dataset b = load(plain, 700);
    assertEquals(Fingerprint.of(a.training(), 600), Fingerprint.of(b.training(), 600));
    assertNotEquals(Fingerprint.of(a.training(), 600), Fingerprint.of(b.training(), 700));
    assertNotEquals(
        Fingerprint.of(a.training(), 600), Fingerprint.of(load(digits, 600).training(), 600));
    byte[] labels = a.training().labels().clone();
    labels[599] = (byte) (9 - labels[599]);
    LabeledImages relabelled = new LabeledImages(a.training().pixels(), labels, 600, 784);
    assertNotEquals(Fingerprint.of(a.training(), 600), Fingerprint.of(relabelled, 600));
    assertEquals(Fingerprint.of(a.training(), 599), Fingerprint.of(relabelled, 599));
  }

  @Test
  void stoppedRun_waitsOnOtherData_othersGoOn_andItEndsOnItsOwnAsIfNothingHadHappened() {
    String id;
    JsonObject data;
    try (TestServer server = start(digits)) {
      id = server.startRun(LONG.formatted("200")).getString("id");
      TestServer.until(() -> iterations(server, id) > 100);
      data = server.run(id).getJsonObject("data");
    }
    int reached;
    try (TestServer server = start(shoes)) {
      TestServer.until(() -> message(server, id) != null);
      JsonObject next = server.startRun(SHORT);
      server.awaitStatus(next.getString("id"), "completed");
      JsonObject other = server.run(next.getString("id")).getJsonObject("data");
      assertNotEquals(data, other);
      assertEquals(
          "This run was begun on other images (training %s, test %s) than this server has (training"
                  .formatted(shown(data, "training"), shown(data, "test"))
              + " %s, test %s). To go on with it, start Tandem with the --datasets that it was begun"
                  .formatted(shown(other, "training"), shown(other, "test"))
              + " with, or without if it had none.",
          message(server, id));
      assertEquals("running", server.run(id).getString("status"));
      reached = iterations(server, id);
      JsonObject answer = column(server, id);
      assertEquals(message(server, id), answer.getString("unavailable"));
      // With nothing that trains, a stop has nothing to wait for.
    }
    try (TestServer server = start(digits)) {
      assertEquals(
          200,
          server.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":null}").statusCode());
      server.awaitStatus(id, "completed");
      assertTrue(reached < 3000, "" + reached);
      String without = server.startRun(LONG.formatted("10000")).getString("id");
      server.awaitStatus(without, "completed");
      assertEquals(data, server.run(without).getJsonObject("data"));
      for (String variant : List.of("none", "batch")) {
        String path = "/api/runs/%s/losses/" + variant + "?from=1&to=3000";
        assertEquals(
            server.get(path.formatted(without)).body(), server.get(path.formatted(id)).body());
      }
      assertEquals(1, dataEvents(server, id));
    }
  }

  @Test
  void stoppedRun_isNotGivenUp_whenItsImagesCantBeRead() throws Exception {
    String id;
    try (TestServer server = start(digits)) {
      id = server.startRun(LONG.formatted("200")).getString("id");
      TestServer.until(() -> iterations(server, id) > 0);
    }
    Path empty = Files.createDirectory(dataDir.resolve("empty"));
    try (TestServer server = start(empty)) {
      TestServer.until(() -> message(server, id) != null);
      assertTrue(message(server, id).contains(empty + ", which Tandem was started with, lacks"));
      assertEquals(202, server.post("/api/runs/" + id + "/cancel", "").statusCode());
      server.awaitStatus(id, "cancelled");
    }
  }

  @Test
  void answersAndImages_ofARunThatWasTestedOnOthers_areNotShown() {
    String id;
    String test;
    try (TestServer server = start(digits)) {
      id = server.startRun(SHORT).getString("id");
      server.awaitStatus(id, "completed");
      test = shown(server.run(id).getJsonObject("data"), "test");
      String info =
          server
              .get("/metrics")
              .body()
              .lines()
              .filter(line -> line.startsWith("tandem_run_info{"))
              .findFirst()
              .orElseThrow();
      assertTrue(info.contains("test_data=\"" + test + "\""), info);
      assertEquals(200, images(server, id).statusCode());
    }
    try (TestServer server = start(digits)) {
      assertEquals(100, column(server, id).getJsonArray("predicted").size());
    }
    try (TestServer server = start(shoes)) {
      String said = column(server, id).getString("unavailable");
      assertTrue(
          said.startsWith(
              "This run was tested on other images (" + test + ") than this server has"),
          said);
      assertEquals(404, images(server, id).statusCode());
      assertEquals(said, new JsonObject(images(server, id).body()).getString("detail"));
      assertEquals(404, images(server, "none").statusCode());
      assertEquals(200, server.get("/api/datasets/mnist/test").statusCode());
    }
  }

  @Test
  void training_onOtherImagesThanTheOneBesideIt_fails() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      BusMessageCodec.register(vertx);
      DataFingerprint besides = new DataFingerprint("0123456789", "abcdefghij");
      BlockingQueue<RunEvent> told = new LinkedBlockingQueue<>();
      vertx
          .eventBus()
          .<BusMessage.OnData>consumer(
              Addresses.TRAINING_DATA,
              asked -> asked.reply(new BusMessage.OnData(asked.body().runId(), besides)));
      vertx
          .eventBus()
          .<BusMessage.Progress>consumer(
              Addresses.TRAINING_PROGRESS,
              progress -> {
                told.addAll(progress.body().events());
                progress.reply(null);
              });
      TestServer.await(
          vertx.deployVerticle(
              new TrainingVerticle(
                  BackendChoice.CPU,
                  1,
                  Optional.empty(),
                  dataDir,
                  List.of(),
                  new SimpleMeterRegistry())));
      TrainingPlan plan =
          new SettingsBuilder()
              .data(60, 10)
              .epochs(1)
              .batchSize(10)
              .learningRate(0.1)
              .hiddenLayers(List.of(4))
              .seed(1)
              .variants(List.of(Variant.of(Normalization.NONE)))
              .plan();
      vertx
          .eventBus()
          .send(
              Addresses.TRAINING_START,
              new BusMessage.Start("id", new TrainingId("none", 1), plan, null, false));
      var change = (TrainingChange) told.poll(TestServer.SECONDS, TimeUnit.SECONDS);
      assertEquals(TrainingStatus.FAILED, change.status());
      assertTrue(
          change
              .message()
              .startsWith("This run was begun on other images (training 01234567, test"),
          change.message());
    } finally {
      TestServer.await(vertx.close());
    }
  }

  private TestServer start(Path datasets) {
    return TestServer.start(
        TestServer.settings(
            "127.0.0.1", dataDir, 1, Optional.of(datasets), List.of(), Access.DEFAULTS));
  }

  private static Dataset load(Path folder, int images) throws DatasetException {
    return new Datasets(
            DatasetSettings.of(Optional.of(folder), folder, List.of()), MnistFixture::noDownload)
        .load("mnist", images, 100, new RecordedProgress());
  }

  private static HttpResponse<String> images(TestServer server, String run) {
    return server.get("/api/datasets/mnist/test?count=5&run=" + run);
  }

  private static JsonObject column(TestServer server, String id) {
    return new JsonObject(server.get("/api/runs/" + id + "/predictions").body())
        .getJsonArray("variants")
        .getJsonObject(0);
  }

  private static int iterations(TestServer server, String id) {
    JsonArray trainings = server.run(id).getJsonArray("trainings");
    return IntStream.range(0, trainings.size())
        .map(i -> trainings.getJsonObject(i).getInteger("iteration"))
        .min()
        .orElseThrow();
  }

  /** What both trainings say; null until they say the same. */
  private static String message(TestServer server, String id) {
    JsonArray trainings = server.run(id).getJsonArray("trainings");
    String first = trainings.getJsonObject(0).getString("message");
    String second = trainings.getJsonObject(1).getString("message");
    return first != null && first.equals(second) ? first : null;
  }

  private static String shown(JsonObject data, String part) {
    assertEquals(64, data.getString(part).length());
    return data.getString(part).substring(0, 8);
  }

  private static long dataEvents(TestServer server, String id) {
    return new JsonArray(server.get("/api/runs/" + id + "/events?resolution=10").body())
        .stream().filter(event -> ((JsonObject) event).getString("type").equals("data")).count();
  }
}
