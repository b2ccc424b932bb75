package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much memory runs take that have ended. */
class LiveRoomTest {
  private static final int LOSSES = 100_000;

  /** For two runs of so many losses of four bytes, and not for three. */
  private static final long ROOM = 1_300_000;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final List<String> read = new CopyOnWriteArrayList<>();
  private Live live;

  @BeforeEach
  void start() {
    BusMessageCodec.register(vertx);
    vertx
        .eventBus()
        .<StoreMessage.ReadEvents>consumer(
            Addresses.STORE_EVENTS,
            asked -> {
              if (asked.body().after() == 0) {
                read.add(asked.body().runId());
              }
              asked.reply(events(asked.body().runId(), asked.body().after()));
            });
    live =
        new Live(vertx, new SimpleMeterRegistry(), Clock.systemUTC(), Duration.ofMinutes(1), ROOM);
    TestServer.await(onLoop(live::start));
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void endedRuns_areLetGoOf_asTheyNeedMoreThanTheRoom() {
    for (String id : List.of("a", "b", "a", "c", "a", "b")) {
      assertNotNull(run(id));
    }
    // The third took the place of the one that was asked for longest ago.
    assertEquals(List.of("a", "b", "c", "b"), read);
  }

  @Test
  void runsThatAreBeingRead_keepTheirPlace_andOthersAreRefused() {
    Pieces ofFirst = TestServer.await(onLoop(() -> live.run("a").map(LiveRun::curves)));
    Pieces ofSecond = TestServer.await(onLoop(() -> live.run("b").map(LiveRun::curves)));
    Throwable refused =
        TestServer.await(
            onLoop(() -> live.run("c").transform(none -> Future.succeededFuture(none.cause()))));
    assertInstanceOf(NoRoomException.class, refused);
    ofFirst.close();
    assertNotNull(run("c"));
    ofSecond.close();
  }

  @Test
  void runThatIsLargerThanTheRoom_isReadAlone() {
    assertNotNull(run("large"));
    assertNotNull(run("a"));
  }

  @Test
  void lossesToldOneByOne_takeAFewBytesEach() {
    RunLog log = new RunLog();
    Run run = ended("x");
    int count = 200_000;
    for (int i = 1; i <= count; i++) {
      log.append(run, new Steps(i, "v", 1, i, new float[] {1f}, i, null));
    }
    assertTrue(log.bytes() < 45L * count, log.bytes() + " bytes");
    EventReader reader = new EventReader(log.now(), count - 10, 0, true);
    assertEquals(10, ((Steps) reader.next().get(0)).losses().length);
    ThinnedSteps some = (ThinnedSteps) new EventReader(log, 0, 100, true).next().get(0);
    assertEquals(count, some.iterations()[some.iterations().length - 1]);
  }

  private LiveRun run(String id) {
    LiveRun run = TestServer.await(onLoop(() -> live.run(id)));
    assertEquals(
        Optional.of(false), Optional.ofNullable(run).map(found -> found.log().last() == 0));
    return run;
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> asked) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(turn -> asked.get().onComplete(promise));
    return promise.future();
  }

  private static StoreMessage.Events events(String id, long after) {
    if (after > 0) {
      return new StoreMessage.Events(ended(id), List.of());
    }
    float[] losses = new float[id.equals("large") ? 10 * LOSSES : LOSSES];
    return new StoreMessage.Events(
        ended(id),
        List.of(
            new Steps(1, "v", 1, 1, losses, 0, null),
            new RunChange(2, RunStatus.COMPLETED, Instant.EPOCH)));
  }

  private static Run ended(String id) {
    long iterations = id.equals("large") ? 10 * LOSSES : LOSSES;
    return new Run(
        id,
        RunStatus.COMPLETED,
        Instant.EPOCH,
        null,
        null,
        null,
        null,
        new SettingsBuilder()
            .data(1000, 10)
            .epochs(1000)
            .batchSize(1)
            .learningRate(0.1)
            .hiddenLayers(List.of(4))
            .seed(1)
            .variants(List.of(new Variant("v", Map.of("normalization", Normalization.NONE))))
            .build(),
        List.of(
            new Training(
                "v", 1, TrainingStatus.COMPLETED, 1, iterations, null, null, null, null, null)));
  }
}
