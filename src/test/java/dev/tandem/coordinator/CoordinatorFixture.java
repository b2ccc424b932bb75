package dev.tandem.coordinator;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Variant;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The coordinator on a real bus, with fake verticles that store and train. */
abstract class CoordinatorFixture {
  static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(Variant.of(Normalization.NONE), Variant.of(Normalization.BATCH)))
          .build();

  Vertx vertx;
  Runs runs;
  FakeStore store;
  FakeTrainer trainer;
  String coordinator;
  final List<BusMessage> told = Collections.synchronizedList(new ArrayList<>());
  private final Map<Vertx, Runnable> ends = new LinkedHashMap<>();

  /** By their Vertx, those deployed last. */
  private final Map<Vertx, String> coordinators = new HashMap<>();

  @BeforeEach
  void start() {
    start(new FakeStore());
  }

  /** Another server, with what this one has on the disk now, as if it had been killed. */
  void crash() {
    start(new FakeStore(store));
  }

  private void start(FakeStore with) {
    vertx = Vertx.vertx();
    runs = new Runs(vertx);
    store = with;
    trainer = new FakeTrainer();
    told.clear();
    BusMessageCodec.register(vertx);
    vertx.eventBus().<BusMessage>consumer(Addresses.EVENTS, event -> told.add(event.body()));
    TestServer.await(vertx.deployVerticle(store));
    TestServer.await(vertx.deployVerticle(trainer));
    deployCoordinator();
    ends.put(vertx, end(vertx, trainer, store));
  }

  /** What is left of a server when its test is over stops in good order. */
  private Runnable end(Vertx vertx, FakeTrainer trainer, FakeStore store) {
    return () -> {
      trainer.obedient = true;
      store.refuse = false;
      store.commit();
      String last = coordinators.get(vertx);
      if (vertx.deploymentIDs().contains(last)) {
        TestServer.await(vertx.undeploy(last));
      }
      TestServer.await(vertx.close());
    };
  }

  void deployCoordinator() {
    coordinator =
        TestServer.await(
            vertx.deployVerticle(
                new RunCoordinator(new Limits(1, 2), Clock.systemUTC(), storeMillis())));
    coordinators.put(vertx, coordinator);
  }

  /** How long a new run may take to be stored. */
  long storeMillis() {
    return Submissions.STORE_MILLIS;
  }

  @AfterEach
  void stop() {
    ends.values().forEach(Runnable::run);
  }

  Run submit() {
    return TestServer.await(runs.submit(SETTINGS));
  }

  Run get(String id) {
    return TestServer.await(runs.get(id));
  }

  static Throwable failure(Future<?> future) {
    return TestServer.await(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("should have failed")));
  }

  /** What has been told of a run: all that is durable by now. */
  List<RunEvent> eventsOf(String id) {
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
}
