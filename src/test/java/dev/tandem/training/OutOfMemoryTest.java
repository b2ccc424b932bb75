package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Memory that runs out although it was asked for before. */
@Isolated("it takes all the native memory that trainings may have")
class OutOfMemoryTest {
  /** Outside the heap: room for one of the trainings below, not for two. */
  private static final long LEFT = 45L << 20;

  @TempDir Path dataDir;

  @Test
  void trainings_thatRunOutOfMemoryTogether_areTriedAgainAlone_andComplete() throws Exception {
    Run run = run(LEFT);
    assertEquals(RunStatus.COMPLETED, run.status(), run::toString);
    assertTrue(run.trainings().stream().allMatch(of -> of.iteration() == 10), run::toString);
  }

  @Test
  void training_thatRunsOutOfMemoryAlone_hasFailed_andSaysSo() throws Exception {
    Run run = run(LEFT / 3);
    assertEquals(RunStatus.FAILED, run.status());
    assertEquals(TrainingStatus.FAILED, run.trainings().get(0).status());
    String message = run.trainings().get(0).message();
    assertTrue(message.startsWith("The server has too little memory"), message);
  }

  /** A run of two trainings that need 30 MB each, on a server that takes its memory for endless. */
  private Run run(long left) throws Exception {
    Compute.start();
    System.gc();
    Vertx vertx = Vertx.vertx();
    try (BytePointer taken = new BytePointer(Pointer.maxBytes() - Pointer.totalBytes() - left)) {
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
                  registry,
                  () -> new Memory(Long.MAX_VALUE, Long.MAX_VALUE))));
      TestServer.await(
          vertx.deployVerticle(new RunCoordinator(new Limits(2, 1), Clock.systemUTC())));
      Runs runs = new Runs(vertx);
      String id = TestServer.await(runs.submit(settings())).id();
      TestServer.until(() -> TestServer.await(runs.get(id)).status().hasEnded());
      assertTrue(taken.capacity() > 0);
      return TestServer.await(runs.get(id));
    } finally {
      TestServer.await(vertx.close());
    }
  }

  /** 3.6 million parameters, and their gradients. */
  private static RunSettings settings() {
    return new SettingsBuilder()
        .data(300, 100)
        .epochs(1)
        .batchSize(30)
        .learningRate(0.001)
        .hiddenLayers(List.of(2000, 1000))
        .seed(1)
        .variants(
            List.of(
                new Variant("a", Map.of("normalization", Normalization.NONE)),
                new Variant("b", Map.of("normalization", Normalization.NONE))))
        .build();
  }
}
