package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.data.Dataset;
import dev.tandem.data.Examples;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a training goes on when the store has its troubles. */
class CheckpointsTest {
  private static final Variant VARIANT =
      new Variant("a", Map.of("normalization", Normalization.BATCH));
  private static final TrainingPlan PLAN =
      new SettingsBuilder()
          .data(10, 10)
          .epochs(1)
          .batchSize(5)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(VARIANT))
          .plan();
  private static byte[] kept;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Checkpoints checkpoints = new Checkpoints(vertx, new DiskWaits(meters), 5);
  private final Job job =
      new Job(new BusMessage.Start("r1", new TrainingId("a", 1), PLAN, null, true));
  private final AtomicInteger asked = new AtomicInteger();

  /** How often the checkpoint can't be read. */
  private volatile int failures;

  private volatile boolean storeIsThere;

  @BeforeAll
  static void keep() {
    Examples examples =
        Examples.of(new byte[10 * DatasetInfo.PIXELS], new byte[10], 10, Dataset.FEATURES);
    try (Trainee trainee =
        Compute.start().trainee(PLAN, examples, examples, DatasetInfo.DIGITS.size())) {
      kept = Checkpoint.of(trainee, 1, 7, 0, 0);
    }
  }

  @BeforeEach
  void listen() {
    BusMessageCodec.register(vertx);
    vertx
        .eventBus()
        .consumer(
            Addresses.STORE_CHECKPOINT,
            request -> {
              if (asked.incrementAndGet() <= failures) {
                request.fail(-1, "[SQLITE_BUSY] The database file is locked");
              } else {
                request.reply(new BusMessage.Kept(null, kept));
              }
            });
    vertx
        .eventBus()
        .consumer(
            Addresses.STORE_RUN,
            request -> {
              if (storeIsThere) {
                request.reply(new BusMessage.OneRun(null));
              } else {
                request.fail(-1, "[SQLITE_BUSY] The database file is locked");
              }
            });
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void storeThatCantBeRead_isAskedUntilItCan() {
    failures = 10;
    assertEquals(7, TestServer.await(checkpoints.of(job, Layout.STEP)).iteration());
    assertTrue(meters.get("tandem.training.waits").functionCounter().count() > 0);
    assertEquals(0, meters.get("tandem.trainings.waiting").gauge().value());
  }

  @Test
  void checkpointThatCantBeRead_thoughTheStoreCan_isPassedOver_afterSomeTries() {
    failures = Integer.MAX_VALUE;
    storeIsThere = true;
    assertNull(TestServer.await(checkpoints.of(job, Layout.STEP)));
    assertEquals(3, asked.get());
  }

  @Test
  void trainingThatIsToStop_waitsNoLonger() {
    failures = Integer.MAX_VALUE;
    Future<Checkpoint> found = checkpoints.of(job, Layout.STEP);
    TestServer.until(() -> asked.get() > 5);
    assertFalse(found.isComplete());
    assertEquals(1, meters.get("tandem.trainings.waiting").gauge().value());
    job.requestEnd(TrainingStatus.INTERRUPTED);
    assertNull(TestServer.await(found));
  }

  @Test
  void checkpointOfAnotherKindOfTrainee_isPassedOver() {
    assertNull(TestServer.await(checkpoints.of(job, Layout.FIT)));
  }
}
