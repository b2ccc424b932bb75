package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.RunEvent.Histograms;
import dev.tandem.run.RunEvent.Layers;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingChange;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The coordinator on a real bus, with a fake verticle that trains. */
class RunCoordinatorTest {
  private static final RunSettings SETTINGS =
      new RunSettings(
          "mnist",
          100,
          10,
          1,
          10,
          0.1,
          List.of(4),
          1,
          List.of(
              new Variant(null, Normalization.NONE, null),
              new Variant(null, Normalization.BATCH, null)));

  private final Vertx vertx = Vertx.vertx();
  private final Runs runs = new Runs(vertx);
  private final FakeStore store = new FakeStore();
  private final FakeTrainer trainer = new FakeTrainer();
  private final List<BusMessage> told = Collections.synchronizedList(new ArrayList<>());
  private String coordinator;

  @BeforeEach
  void start() {
    BusMessageCodec.register(vertx);
    vertx.eventBus().<BusMessage>consumer(Addresses.EVENTS, event -> told.add(event.body()));
    TestServer.await(vertx.deployVerticle(store));
    TestServer.await(vertx.deployVerticle(trainer));
    deployCoordinator();
  }

  private void deployCoordinator() {
    coordinator =
        TestServer.await(
            vertx.deployVerticle(new RunCoordinator(new Limits(1, 2), Clock.systemUTC())));
  }

  @AfterEach
  void stop() {
    trainer.obedient = true;
    if (vertx.deploymentIDs().contains(coordinator)) {
      TestServer.await(vertx.undeploy(coordinator));
    }
    TestServer.await(vertx.close());
  }

  @Test
  void events_areNumberedFromOne_withoutGaps() {
    Run run = submit();
    trainer.tell(run.id(), new Steps(0, "none", 1, 1, new float[] {2f, 1f}, 0, null));
    trainer.end(run.id(), "none", TrainingStatus.COMPLETED);
    trainer.end(run.id(), "batch", TrainingStatus.COMPLETED);
    List<RunEvent> events = eventsOf(run.id());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i + 1, events.get(i).seq());
    }
    assertEquals(RunStatus.RUNNING, ((RunChange) events.get(0)).status());
    assertEquals(RunStatus.COMPLETED, ((RunChange) events.get(events.size() - 1)).status());
    Run after = get(run.id());
    assertEquals(2, after.trainings().get(0).iteration());
    assertEquals(1.0, after.trainings().get(0).trainLoss());
  }

  @Test
  void nextRun_starts_whenTheOneBeforeHasEnded() {
    Run first = submit();
    Run second = submit();
    assertEquals(RunStatus.RUNNING, first.status());
    assertEquals(RunStatus.QUEUED, second.status());
    trainer.end(first.id(), "none", TrainingStatus.COMPLETED);
    assertEquals(RunStatus.QUEUED, get(second.id()).status());
    trainer.end(first.id(), "batch", TrainingStatus.DIVERGED);
    assertEquals(RunStatus.COMPLETED, get(first.id()).status());
    assertEquals(RunStatus.RUNNING, get(second.id()).status());
    TestServer.until(() -> trainer.started.contains(second.id() + "/batch"));
  }

  @Test
  void fullQueue_refuses() {
    for (int i = 0; i < 3; i++) {
      submit();
    }
    Throwable refused = failure(runs.submit(SETTINGS));
    assertEquals(Refusal.NO_ROOM, Refusal.of(refused));
  }

  @Test
  void queuedRun_isCancelledAtOnce() {
    submit();
    Run second = submit();
    Run cancelled = TestServer.await(runs.cancel(second.id()));
    assertEquals(RunStatus.CANCELLED, cancelled.status());
    assertTrue(
        cancelled.trainings().stream().allMatch(t -> t.status() == TrainingStatus.CANCELLED));
    assertEquals(Refusal.WRONG_STATUS, Refusal.of(failure(runs.cancel(second.id()))));
  }

  @Test
  void runningRun_isCancelled_onceItsTrainingsSaySo() {
    Run run = submit();
    assertEquals(RunStatus.RUNNING, TestServer.await(runs.cancel(run.id())).status());
    trainer.end(run.id(), "none", TrainingStatus.CANCELLED);
    assertEquals(RunStatus.RUNNING, get(run.id()).status());
    trainer.end(run.id(), "batch", TrainingStatus.CANCELLED);
    assertEquals(RunStatus.CANCELLED, get(run.id()).status());
  }

  @Test
  void failedTraining_makesTheRunFailed_butTheOtherGoesOn() {
    Run run = submit();
    trainer.end(run.id(), "none", TrainingStatus.FAILED);
    assertEquals(RunStatus.RUNNING, get(run.id()).status());
    trainer.end(run.id(), "batch", TrainingStatus.COMPLETED);
    assertEquals(RunStatus.FAILED, get(run.id()).status());
  }

  @Test
  void event_isToldToNobody_beforeItIsDurable() {
    Run run = submit();
    store.refuse = true;
    Future<?> told =
        trainer.tellSoon(run.id(), new Steps(0, "none", 1, 1, new float[] {2f}, 0, null));
    TestServer.until(() -> store.refusals.get() > 1);
    assertEquals(1, eventsOf(run.id()).size());
    assertFalse(told.isComplete());
    store.refuse = false;
    TestServer.await(told);
    TestServer.until(() -> eventsOf(run.id()).size() == 2);
    assertEquals(2, store.events.size());
  }

  @Test
  void stop_parksWhatRuns_andTheNextCoordinatorGoesOn_whereItWas() {
    Run first = submit();
    Run second = submit();
    trainer.tell(first.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 1, new float[] {3f, 2f, 1f}, 0, null));
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    trainer.obedient = false;
    assertEquals(RunStatus.RUNNING, store.runs.get(first.id()).status());
    assertEquals(RunStatus.QUEUED, store.runs.get(second.id()).status());
    trainer.started.clear();

    deployCoordinator();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> trainer.started.size() == 2);
    trainer.tell(first.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 1, new float[] {3f, 2f}, 0, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 3, new float[] {1f, 0.5f}, 0, null));
    List<RunEvent> events = eventsOf(first.id());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i + 1, events.get(i).seq());
    }
    Steps last = (Steps) events.get(events.size() - 1);
    assertEquals(4, last.from());
    assertArrayEquals(new float[] {0.5f}, last.losses());
  }

  @Test
  void looksIntoLayers_toldAgainAfterARestart_areRecordedOnce() {
    Run run = submit();
    trainer.tell(run.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    // The steps had not come through when the server stopped.
    trainer.tell(run.id(), new Layers(0, "none", 1, 3, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 1, new float[0], new int[0][]));
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    trainer.obedient = false;
    deployCoordinator();
    TestServer.await(runs.recover(true));
    trainer.tell(run.id(), new Layers(0, "none", 1, 2, List.of()));
    trainer.tell(run.id(), new Layers(0, "none", 1, 3, List.of()));
    trainer.tell(run.id(), new Layers(0, "batch", 1, 3, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 1, new float[0], new int[0][]));
    trainer.tell(run.id(), new Layers(0, "none", 1, 4, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 2, new float[0], new int[0][]));
    List<String> looks = new ArrayList<>();
    for (RunEvent event : eventsOf(run.id())) {
      if (event instanceof Layers layers) {
        looks.add(layers.variant() + layers.iteration());
      } else if (event instanceof Histograms histograms) {
        looks.add("epoch" + histograms.epoch());
      }
    }
    assertEquals(List.of("none3", "epoch1", "batch3", "none4", "epoch2"), looks);
  }

  @Test
  void recoveryWithoutResuming_endsWhatWasLeft() {
    Run first = submit();
    Run second = submit();
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    deployCoordinator();
    TestServer.await(runs.recover(false));
    for (Run run : List.of(first, second)) {
      assertEquals(RunStatus.INTERRUPTED, get(run.id()).status());
      assertTrue(
          get(run.id()).trainings().stream()
              .allMatch(of -> of.status() == TrainingStatus.INTERRUPTED));
    }
  }

  @Test
  void withoutAnyoneWhoTrains_theRunFails() {
    TestServer.await(vertx.undeploy(trainer.deploymentId()));
    Run run = submit();
    TestServer.until(() -> get(run.id()).status() == RunStatus.FAILED);
    assertEquals("No worker took this training.", get(run.id()).trainings().get(0).message());
  }

  @Test
  void losses_areWrittenInBatches() {
    Run run = submit();
    int before = store.batches.get();
    store.held = true;
    List<Future<?>> told = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      told.add(trainer.tellSoon(run.id(), new Steps(0, "none", 1, i, new float[] {1f}, 0, null)));
    }
    // The store has what came first, and what came meanwhile waits for it.
    TestServer.until(() -> store.waiting.size() == 1);
    assertEquals(0, get(run.id()).trainings().get(0).iteration());
    store.release();
    told.forEach(TestServer::await);
    assertEquals(100, get(run.id()).trainings().get(0).iteration());
    int batches = store.batches.get() - before;
    assertTrue(batches < 50, batches + " batches");
  }

  private Run submit() {
    return TestServer.await(runs.submit(SETTINGS));
  }

  private Run get(String id) {
    return TestServer.await(runs.get(id));
  }

  private static Throwable failure(Future<?> future) {
    return TestServer.await(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("should have failed")));
  }

  /** What has been told of a run: all that is durable by now. */
  private List<RunEvent> eventsOf(String id) {
    TestServer.until(() -> lastTold(id) >= store.lastSeqs.get(id));
    return told(id);
  }

  private long lastTold(String id) {
    List<RunEvent> events = told(id);
    return events.isEmpty() ? 0 : events.get(events.size() - 1).seq();
  }

  private List<RunEvent> told(String id) {
    List<RunEvent> events = new ArrayList<>();
    synchronized (told) {
      for (BusMessage message : told) {
        if (message instanceof BusMessage.News news) {
          news.all().stream()
              .filter(happened -> happened.run().id().equals(id))
              .forEach(happened -> events.add(happened.event()));
        }
      }
    }
    return events;
  }

  /** Trains nothing, and says what the test tells it to say. */
  private static final class FakeTrainer extends VerticleBase {
    final List<String> started = Collections.synchronizedList(new ArrayList<>());
    volatile boolean obedient;

    @Override
    public Future<?> start() {
      var bus = vertx.eventBus();
      return Future.all(
          bus.<BusMessage.Start>consumer(Addresses.TRAINING_START, this::begin).completion(),
          bus.<BusMessage.Stop>consumer(Addresses.TRAINING_STOP, this::stopTraining).completion());
    }

    private void begin(Message<BusMessage.Start> request) {
      started.add(request.body().runId() + "/" + request.body().variant().name());
      request.reply(null);
    }

    private void stopTraining(Message<BusMessage.Stop> request) {
      if (obedient) {
        for (String variant : List.of("none", "batch")) {
          vertx
              .eventBus()
              .request(
                  Addresses.TRAINING_PROGRESS,
                  new BusMessage.Progress(
                      request.body().runId(),
                      List.of(new TrainingChange(0, variant, 1, request.body().status(), null))));
        }
      }
    }

    void end(String runId, String variant, TrainingStatus status) {
      tell(runId, new TrainingChange(0, variant, 1, status, null));
    }

    void tell(String runId, RunEvent event) {
      TestServer.await(tellSoon(runId, event));
    }

    Future<?> tellSoon(String runId, RunEvent event) {
      return vertx
          .eventBus()
          .request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(runId, List.of(event)));
    }

    String deploymentId() {
      return context.deploymentID();
    }
  }

  /** Keeps what it is given in memory; refuses it when told to. */
  private static final class FakeStore extends VerticleBase {
    final Map<String, Run> runs = new ConcurrentSkipListMap<>();
    final Map<String, Long> lastSeqs = new ConcurrentHashMap<>();
    final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger refusals = new AtomicInteger();
    final AtomicInteger batches = new AtomicInteger();
    volatile boolean refuse;

    /** Whether answers are kept back. */
    volatile boolean held;

    final List<Message<?>> waiting = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Future<?> start() {
      var bus = vertx.eventBus();
      return Future.all(
          bus.<BusMessage.Append>consumer(Addresses.STORE_APPEND, this::append).completion(),
          bus.<BusMessage.ForRun>consumer(
                  Addresses.STORE_RUN,
                  of -> of.reply(new BusMessage.OneRun(runs.get(of.body().id()))))
              .completion(),
          bus.<BusMessage.ListRuns>consumer(
                  Addresses.STORE_LIST,
                  of -> of.reply(new BusMessage.ManyRuns(newest(of.body().limit()))))
              .completion(),
          bus.<BusMessage>consumer(
                  Addresses.STORE_UNFINISHED,
                  of -> of.reply(new BusMessage.ManyStored(unfinished())))
              .completion());
    }

    private void append(Message<BusMessage.Append> request) {
      if (refuse) {
        refusals.incrementAndGet();
        request.fail(1, "the disk is full");
        return;
      }
      batches.incrementAndGet();
      for (BusMessage.Happened news : request.body().news()) {
        runs.put(news.run().id(), news.run());
        lastSeqs.put(news.run().id(), news.event().seq());
        events.add(news.event());
      }
      if (held) {
        waiting.add(request);
      } else {
        request.reply(null);
      }
    }

    void release() {
      context.runOnContext(
          now -> {
            held = false;
            waiting.forEach(request -> request.reply(null));
            waiting.clear();
          });
    }

    private List<Run> newest(int limit) {
      List<Run> all = new ArrayList<>(runs.values());
      Collections.reverse(all);
      return all.subList(0, Math.min(limit, all.size()));
    }

    private List<BusMessage.Stored> unfinished() {
      return runs.values().stream()
          .filter(run -> !run.status().hasEnded())
          .map(run -> new BusMessage.Stored(run, lastSeqs.get(run.id())))
          .toList();
    }
  }
}
