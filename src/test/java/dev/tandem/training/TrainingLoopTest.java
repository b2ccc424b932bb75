package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.data.Examples;
import dev.tandem.lens.Learner;
import dev.tandem.lens.Lens;
import dev.tandem.nn.Mode;
import dev.tandem.nn.SoftmaxCrossEntropy;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunEvent;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The story of a training, with a network that learns nothing, and a store that takes its time. */
@Execution(ExecutionMode.CONCURRENT)
class TrainingLoopTest {
  private static final Variant VARIANT =
      new Variant("a", Map.of("normalization", Normalization.NONE));
  private static final TrainingPlan PLAN =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(VARIANT))
          .plan();
  private static final TrainingId ID = new TrainingId("a", 1);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DiskWaits waits = new DiskWaits(meters);
  private final Job job = new Job(new BusMessage.Start("r1", ID, PLAN, null, false));
  private final List<RunEvent> told = new CopyOnWriteArrayList<>();
  private final List<Message<?>> unanswered = new CopyOnWriteArrayList<>();
  private final AtomicInteger networks = new AtomicInteger();
  private volatile boolean durable = true;
  private volatile boolean keeps = true;

  @BeforeEach
  void listen() {
    BusMessageCodec.register(vertx);
    vertx
        .eventBus()
        .<BusMessage.Progress>consumer(
            Addresses.TRAINING_PROGRESS,
            message -> {
              told.addAll(message.body().events());
              if (durable) {
                message.reply(null);
              } else {
                unanswered.add(message);
              }
            });
    vertx
        .eventBus()
        .consumer(
            Addresses.STORE_KEEP_MODEL,
            message -> {
              networks.incrementAndGet();
              if (keeps) {
                assertNull(end(), "it has told of its end before its network was kept");
                message.reply(null);
              } else {
                message.fail(-1, "[SQLITE_FULL] the disk is full");
              }
            });
    vertx.eventBus().consumer(Addresses.STORE_KEEP_CHECKPOINT, unanswered::add);
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void loss_thatIsTooLargeForAFloat_isDivergence() {
    AtomicInteger step = new AtomicInteger();
    start(() -> step.incrementAndGet() == 3 ? 2.0 * Float.MAX_VALUE : 1).join();
    TestServer.until(() -> end() != null);
    assertEquals(TrainingStatus.DIVERGED, end().status());
    assertTrue(end().message().contains("at iteration 3."), end().message());
    assertEquals(3, losses());
  }

  @Test
  void network_thatIsRefused_isSentUntilItIsKept_andOnlyThenItHasCompleted() {
    keeps = false;
    CompletableFuture<Void> training = start(() -> 1);
    TestServer.until(() -> networks.get() >= 3);
    TestServer.until(() -> waiting() == 1);
    double seconds = waitedSeconds();
    TestServer.until(() -> waitedSeconds() > seconds);
    assertNull(end());
    keeps = true;
    training.join();
    TestServer.until(() -> end() != null);
    assertEquals(TrainingStatus.COMPLETED, end().status());
    assertEquals(0, waiting());
    assertTrue(waitedSeconds() > 0);
  }

  @Test
  void training_thatWaitsToKeepItsNetwork_isCancelled_orParked() {
    for (TrainingStatus how : List.of(TrainingStatus.CANCELLED, TrainingStatus.INTERRUPTED)) {
      told.clear();
      keeps = false;
      CompletableFuture<Void> training = start(() -> 1);
      TestServer.until(() -> waiting() == 1);
      job.requestEnd(how);
      training.join();
      TestServer.until(() -> end() != null);
      assertEquals(how, end().status());
      job.requestEnd(null);
    }
  }

  @Test
  void training_thatWaitsForTheDisk_isSeenToWait_goesOn_andTellsAll() {
    durable = false;
    CompletableFuture<Void> training = startTelling();
    TestServer.until(() -> waiting() == 1);
    double seconds = waitedSeconds();
    TestServer.until(() -> waitedSeconds() > seconds);
    assertFalse(training.isDone());
    durable = true;
    unanswered.forEach(message -> message.reply(null));
    training.join();
    TestServer.until(() -> end() != null);
    assertEquals(TrainingStatus.COMPLETED, end().status());
    assertEquals(10, losses());
  }

  @Test
  void training_thatWaitsForTheDisk_isCancelled() {
    durable = false;
    CompletableFuture<Void> training = startTelling();
    TestServer.until(() -> waiting() == 1);
    job.requestEnd(TrainingStatus.CANCELLED);
    training.join();
    TestServer.until(() -> end() != null);
    assertEquals(TrainingStatus.CANCELLED, end().status());
  }

  @Test
  void training_thatWaitsForTheDisk_isParkedAtItsLastCheckpoint_inTime() {
    durable = false;
    CompletableFuture<Void> training = startTelling();
    TestServer.until(() -> waiting() == 1);
    job.requestEnd(TrainingStatus.INTERRUPTED);
    training.join();
    // What it told is durable nowhere, so no checkpoint may be kept that has it.
    TestServer.until(() -> end() != null);
    assertEquals(TrainingStatus.INTERRUPTED, end().status());
    assertTrue(
        unanswered.stream().noneMatch(of -> of.address().equals(Addresses.STORE_KEEP_CHECKPOINT)));
  }

  /** One that tells of each step at once, so that it comes to the bound of what is not durable. */
  private CompletableFuture<Void> startTelling() {
    Reporter reporter = reporter();
    return start(
        () -> {
          reporter.status(TrainingStatus.RUNNING, null);
          reporter.status(TrainingStatus.RUNNING, null);
          return 1;
        },
        reporter);
  }

  private CompletableFuture<Void> start(DoubleSupplier loss) {
    return start(loss, reporter());
  }

  private CompletableFuture<Void> start(DoubleSupplier loss, Reporter reporter) {
    TrainingLoop loop =
        new TrainingLoop(
            PLAN,
            ID,
            new Trainee(
                new Unlearning(loss, new SoftmaxCrossEntropy(1)),
                Layout.STEP,
                new Shape(1, List.of(1), 1, Normalization.NONE),
                PLAN,
                examples(PLAN.data().trainingExamples()),
                examples(PLAN.data().testExamples())),
            reporter,
            new StateSaver(vertx.eventBus(), job.start(), reporter, waits),
            job.pace(),
            job::requestedEnd,
            job.questions());
    return CompletableFuture.runAsync(loop::run);
  }

  private static Examples examples(int size) {
    return new Examples(new float[size][1], new byte[size], size, 1);
  }

  private Reporter reporter() {
    return new Reporter(vertx.eventBus(), "r1", ID, waits, () -> job.requestedEnd() != null);
  }

  private TrainingChange end() {
    return told.stream()
        .filter(event -> event instanceof TrainingChange change && change.status().hasEnded())
        .map(TrainingChange.class::cast)
        .findFirst()
        .orElse(null);
  }

  private int losses() {
    return told.stream()
        .filter(Steps.class::isInstance)
        .mapToInt(event -> ((Steps) event).losses().length)
        .sum();
  }

  private double waiting() {
    return meters.get("tandem.trainings.waiting").gauge().value();
  }

  private double waitedSeconds() {
    return meters.get("tandem.training.waits").functionCounter().count();
  }

  /** Learns nothing. */
  private record Unlearning(DoubleSupplier loss, SoftmaxCrossEntropy trainingLoss)
      implements Learner {

    @Override
    public double step(float[][] x, byte[] labels, int rows, boolean watched) {
      trainingLoss.count(new float[rows][1], labels, rows);
      return loss.getAsDouble();
    }

    @Override
    public float[][] forward(float[][] x, int rows, Mode mode, boolean watched) {
      return new float[rows][1];
    }

    @Override
    public Optional<Lens> lens() {
      return Optional.empty();
    }

    @Override
    public int savedBytes(boolean withOptimizer) {
      return 0;
    }

    @Override
    public void save(ByteBuffer out, boolean withOptimizer) {}

    @Override
    public void restore(ByteBuffer in, boolean withOptimizer) {}

    @Override
    public void close() {}
  }
}
