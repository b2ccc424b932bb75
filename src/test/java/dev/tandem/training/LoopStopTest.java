package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunEvent;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A training that is told to stop while it tests, which may take longer than a server has. */
@ExtendWith(VertxExtension.class)
class LoopStopTest {
  private static final Variant VARIANT = Variant.of(Normalization.BATCH);

  /** Two steps an epoch, and a test in three parts, once more in train mode. */
  private static final TrainingPlan PLAN =
      new SettingsBuilder()
          .data(60, 600)
          .epochs(2)
          .batchSize(30)
          .learningRate(0.01)
          .hiddenLayers(List.of(8))
          .seed(1)
          .variants(List.of(VARIANT))
          .trainModeTest(true)
          .plan();

  private Vertx vertx;
  private final List<RunEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final List<byte[]> kept = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    BusMessageCodec.register(vertx);
    var bus = vertx.eventBus();
    bus.<BusMessage.Progress>consumer(
        Addresses.TRAINING_PROGRESS,
        progress -> {
          told.addAll(progress.body().events());
          progress.reply(null);
        });
    bus.<BusMessage.Keep>consumer(
        Addresses.STORE_KEEP_CHECKPOINT,
        keep -> {
          kept.add(keep.body().state());
          keep.reply(null);
        });
    bus.<BusMessage.Keep>consumer(Addresses.STORE_KEEP_MODEL, keep -> keep.reply(null));
  }

  @Test
  void interruptedTest_isTakenAgain_byTheOneWhoGoesOn_withTheSameResult()
      throws UnusableStateException {
    run(null, () -> null);
    List<String> whole = awaitEpochs(TrainingStatus.COMPLETED);
    assertEquals(2, whole.size());
    told.clear();
    // Asked before each of two steps, and before each part of the test: in the middle of it.
    run(null, after(4, TrainingStatus.INTERRUPTED));
    assertEquals(List.of(), awaitEpochs(TrainingStatus.INTERRUPTED));
    told.clear();
    run(
        Checkpoint.read(kept.get(kept.size() - 1), Shape.of(PLAN, 20, 5), Layout.STEP, 2),
        () -> null);
    assertEquals(whole, awaitEpochs(TrainingStatus.COMPLETED));
  }

  @Test
  void cancelledTest_endsTheTraining_alsoInTrainMode() {
    run(null, after(6, TrainingStatus.CANCELLED));
    assertEquals(List.of(), awaitEpochs(TrainingStatus.CANCELLED));
    assertTrue(kept.isEmpty());
  }

  private static Supplier<TrainingStatus> after(int times, TrainingStatus status) {
    int[] asked = {0};
    return () -> asked[0]++ < times - 1 ? null : status;
  }

  private void run(Checkpoint from, Supplier<TrainingStatus> asked) {
    TrainingId training = new TrainingId("batch", 1);
    DiskWaits waits = new DiskWaits(new SimpleMeterRegistry());
    Reporter reporter = new Reporter(vertx.eventBus(), "r1", training, waits, () -> false);
    var start = new BusMessage.Start("r1", training, PLAN, null, from != null);
    try (Trainee trainee =
        Trainee.create(Layout.STEP, PLAN, Fixtures.random(60, 1), Fixtures.random(600, 2), 5)) {
      TrainingLoop loop =
          new TrainingLoop(
              PLAN,
              training,
              trainee,
              reporter,
              new StateSaver(vertx.eventBus(), start, reporter, waits),
              new Pace(null),
              asked,
              new Questions());
      if (from != null) {
        loop.resume(from);
      }
      loop.run();
    }
  }

  /** What the epochs found, apart from how long they took, once the training has ended so. */
  private List<String> awaitEpochs(TrainingStatus end) {
    TestServer.until(() -> List.copyOf(told).stream().anyMatch(event -> isEnd(event, end)));
    List<String> found = new ArrayList<>();
    for (RunEvent event : List.copyOf(told)) {
      if (event instanceof EpochEnd of) {
        found.add(
            "%d %d %s %s %s %s %s"
                .formatted(
                    of.epoch(),
                    of.iteration(),
                    of.trainLoss(),
                    of.trainAccuracy(),
                    of.testLoss(),
                    of.testAccuracy(),
                    of.trainModeTestLoss()));
      }
    }
    return found;
  }

  private static boolean isEnd(RunEvent event, TrainingStatus end) {
    return event instanceof TrainingChange change && change.status() == end;
  }
}
