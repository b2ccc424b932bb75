package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.coordinator.RunCoordinator;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.Runs;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import dev.tandem.store.StoreVerticle;
import dev.tandem.training.TrainingVerticle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that comes to grief, beside one that goes on. */
class TrainingFaultTest {
  @TempDir Path dataDir;

  @Test
  void training_thatThrows_fails_andTheOtherGoesOn() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      BusMessageCodec.register(vertx);
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      TestServer.await(
          vertx.deployVerticle(new StoreVerticle(dataDir, Optional.empty(), 10, registry)));
      TestServer.await(
          vertx.deployVerticle(
              new TrainingVerticle(
                  BackendChoice.CPU,
                  2,
                  Optional.empty(),
                  dataDir.resolve("mnist"),
                  List.of(),
                  registry)));
      String coordinator =
          TestServer.await(
              vertx.deployVerticle(new RunCoordinator(new Limits(2, 1), Clock.systemUTC())));
      Runs runs = new Runs(vertx);
      String sound = TestServer.await(runs.submit(settings(16))).id();
      // No request can ask for a layer of less than nothing; it makes the training throw.
      String broken = TestServer.await(runs.submit(settings(-5))).id();
      for (String id : List.of(sound, broken)) {
        TestServer.until(() -> TestServer.await(runs.get(id)).status().hasEnded());
      }
      Run failed = TestServer.await(runs.get(broken));
      assertEquals(RunStatus.FAILED, failed.status());
      assertEquals(TrainingStatus.FAILED, failed.trainings().get(0).status());
      String message = failed.trainings().get(0).message();
      assertTrue(message.startsWith("The training stopped on a fault of the program ("), message);
      Run completed = TestServer.await(runs.get(sound));
      assertEquals(RunStatus.COMPLETED, completed.status());
      assertEquals(100, completed.trainings().get(0).iteration());
      TestServer.await(vertx.undeploy(coordinator));
    } finally {
      TestServer.await(vertx.close());
    }
  }

  @Test
  void run_forWhichThereIsNoMemory_isRefused_withTheNumbers_andTheOthersGoOn() {
    try (ServerProcess server =
        ServerProcess.start(
            dataDir,
            List.of("-Xmx300m", "-Dorg.bytedeco.javacpp.maxBytes=64m"),
            Map.of(),
            "--runs",
            "2",
            "--workers",
            "4")) {
      String small = server.startRun("{\"epochs\":1000,\"iterationsPerSecond\":200}");
      TestServer.until(() -> iteration(server, small) > 100);
      // Ten million parameters: 40 MB outside the heap, and as much for their gradients.
      String layers = refusal(server, "{\"hiddenLayers\":[3000,2500]}").getString("hiddenLayers");
      assertTrue(layers.contains("this server has"), layers);
      String batch =
          refusal(server, "{\"batchSize\":5000,\"hiddenLayers\":[200,200,200,200,200,200,200,200]}")
              .getString("batchSize");
      assertTrue(batch.contains("of the Java heap"), batch);
      refusal(server, "{\"trainingExamples\":60000,\"testExamples\":10000}")
          .getString("trainingExamples");

      // Two of these don't fit beside one another: they take turns.
      JsonObject turns =
          server.awaitEnd(
              server.startRun(
                  "{\"epochs\":1,\"trainingExamples\":300,\"testExamples\":100,"
                      + "\"hiddenLayers\":[2000,1500]}"));
      assertEquals("completed", turns.getString("status"), turns::encode);
      String events = server.get("/api/runs/" + turns.getString("id") + "/events").body();
      assertTrue(events.contains("Waits for memory until other trainings have ended"), events);

      int before = iteration(server, small);
      TestServer.until(() -> iteration(server, small) > before + 100);
      assertEquals(202, server.post("/api/runs/" + small + "/cancel", "").statusCode());
      assertEquals("cancelled", server.awaitEnd(small).getString("status"));
      assertFalse(server.log().contains("OutOfMemory"), server.log());
    }
  }

  /** The faulty fields of a run that is refused. */
  private static JsonObject refusal(ServerProcess server, String run) {
    var answer = server.post("/api/runs", run);
    assertEquals(400, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getJsonObject("errors");
  }

  private static RunSettings settings(int units) {
    return new SettingsBuilder()
        .data(300, 100)
        .epochs(10)
        .batchSize(30)
        .learningRate(0.001)
        .hiddenLayers(List.of(units))
        .seed(1)
        .variants(List.of(Variant.of(Normalization.BATCH)))
        .build();
  }

  private static int iteration(ServerProcess server, String id) {
    return server.run(id).getJsonArray("trainings").getJsonObject(0).getInteger("iteration");
  }
}
