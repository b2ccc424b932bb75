package dev.tandem.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.DataFingerprint;
import dev.tandem.run.Json;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Data;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.Runs;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import dev.tandem.store.StoreVerticle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run is trained on, with the coordinator and the store, and a fake that trains. */
class DataOfRunTest {
  private static final DataFingerprint DIGITS = new DataFingerprint("aaaa", "bbbb");
  private static final DataFingerprint SHOES = new DataFingerprint("cccc", "dddd");
  private static final TrainingId NONE = new TrainingId("none", 1);
  private static final TrainingId BATCH = new TrainingId("batch", 1);
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(Variant.of(Normalization.NONE), Variant.of(Normalization.BATCH)))
          .build();

  @TempDir Path dataDir;

  private final Vertx vertx = Vertx.vertx();
  private final Runs runs = new Runs(vertx);
  private final List<BusMessage.Start> started = Collections.synchronizedList(new ArrayList<>());
  private String coordinator;

  @BeforeEach
  void start() {
    BusMessageCodec.register(vertx);
    vertx
        .eventBus()
        .<BusMessage.Start>consumer(
            Addresses.TRAINING_START,
            request -> {
              started.add(request.body());
              request.reply(null);
            });
    TestServer.await(
        vertx.deployVerticle(
            new StoreVerticle(dataDir, Optional.empty(), 10, new SimpleMeterRegistry())));
    deployCoordinator();
  }

  @AfterEach
  void stop() {
    TestServer.await(vertx.close());
  }

  @Test
  void firstTraining_saysWhatTheRunIsOn_andOthersAreToldThat() {
    String id = TestServer.await(runs.submit(SETTINGS)).id();
    assertEquals(DIGITS, agreed(id, DIGITS));
    assertEquals(DIGITS, agreed(id, DIGITS));
    assertEquals(DIGITS, agreed(id, SHOES));
    tell(id, new Steps(0, "none", 1, 1, new float[] {2f, 1f}, 0, null));
    List<String> types = events(id).stream().map(RunEvent::type).toList();
    assertEquals(List.of("run", "data", "steps"), types);
    assertEquals(DIGITS, ((Data) events(id).get(1)).data());
    assertEquals(DIGITS, TestServer.await(runs.get(id)).data());
    assertEquals(DIGITS, TestServer.await(runs.list(1, null)).get(0).data());
    end(id, TrainingStatus.COMPLETED);
  }

  @Test
  void heldRun_makesRoomForTheNext_andGoesOnWithTheNextServer() {
    String id = TestServer.await(runs.submit(SETTINGS)).id();
    agreed(id, DIGITS);
    tell(id, new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    tell(id, new Steps(0, "none", 1, 1, new float[] {2f, 1f}, 0, null));
    String next = TestServer.await(runs.submit(SETTINGS)).id();
    hold(id, NONE);
    assertEquals(RunStatus.QUEUED, status(next));
    hold(id, BATCH);
    TestServer.until(() -> status(next) == RunStatus.RUNNING);
    assertEquals(RunStatus.RUNNING, status(id));
    for (Training training : TestServer.await(runs.get(id)).trainings()) {
      assertEquals(TrainingStatus.QUEUED, training.status());
      assertEquals("other images", training.message());
    }
    end(next, TrainingStatus.COMPLETED);

    // Nobody is waited for: the server can stop, and the next one asks for it again.
    started.clear();
    TestServer.await(vertx.undeploy(coordinator));
    deployCoordinator();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> started.size() == 2);
    assertTrue(started.stream().allMatch(of -> of.runId().equals(id) && of.resume()));
    assertEquals(DIGITS, agreed(id, DIGITS));
    end(id, TrainingStatus.COMPLETED);
    assertEquals(RunStatus.COMPLETED, status(id));
    assertEquals(1, events(id).stream().filter(Data.class::isInstance).count());
  }

  @Test
  void heldRun_isCancelledAtOnce() {
    String id = TestServer.await(runs.submit(SETTINGS)).id();
    hold(id, NONE);
    TestServer.await(runs.cancel(id));
    assertEquals(RunStatus.RUNNING, status(id));
    tell(id, new TrainingChange(0, "batch", 1, TrainingStatus.CANCELLED, null));
    assertEquals(RunStatus.CANCELLED, status(id));

    String all = TestServer.await(runs.submit(SETTINGS)).id();
    hold(all, NONE);
    hold(all, BATCH);
    assertEquals(RunStatus.CANCELLED, TestServer.await(runs.cancel(all)).status());
  }

  @Test
  void runOfTheVersionBefore_takesOnWhatItGoesOnWith() {
    Run before = Run.queued("20260101-000000-000", Clock.systemUTC().instant(), SETTINGS);
    RunChange began = new RunChange(1, RunStatus.RUNNING, before.createdAt());
    String json = Json.text(before.after(began));
    assertFalse(json.contains("data\":"), json);
    Run read = Json.read(json.getBytes(StandardCharsets.UTF_8), Run.class);
    assertNull(read.data());
    TestServer.await(
        vertx
            .eventBus()
            .request(
                Addresses.STORE_APPEND,
                new StoreMessage.Append(List.of(new BusMessage.Happened(read, began)))));
    TestServer.await(runs.recover(true));
    assertEquals(SHOES, agreed(before.id(), SHOES));
    tell(before.id(), new Steps(0, "none", 1, 1, new float[] {2f}, 0, null));
    assertEquals(SHOES, TestServer.await(runs.get(before.id())).data());
    assertEquals(new Data(2, SHOES), events(before.id()).get(1));
    end(before.id(), TrainingStatus.COMPLETED);
  }

  private void deployCoordinator() {
    coordinator =
        TestServer.await(
            vertx.deployVerticle(new RunCoordinator(new Limits(1, 2), Clock.systemUTC())));
  }

  private DataFingerprint agreed(String id, DataFingerprint here) {
    return TestServer.await(
        vertx
            .eventBus()
            .<BusMessage.OnData>request(Addresses.TRAINING_DATA, new BusMessage.OnData(id, here))
            .map(reply -> reply.body().data()));
  }

  private void hold(String id, TrainingId training) {
    TestServer.await(
        vertx
            .eventBus()
            .request(Addresses.TRAINING_HELD, new BusMessage.Held(id, training, "other images")));
  }

  private void tell(String id, RunEvent event) {
    TestServer.await(
        vertx
            .eventBus()
            .request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(id, List.of(event))));
  }

  private void end(String id, TrainingStatus status) {
    tell(id, new TrainingChange(0, "none", 1, status, null));
    tell(id, new TrainingChange(0, "batch", 1, status, null));
  }

  private RunStatus status(String id) {
    return TestServer.await(runs.get(id)).status();
  }

  private List<RunEvent> events(String id) {
    return TestServer.await(
            vertx
                .eventBus()
                .<StoreMessage.Events>request(
                    Addresses.STORE_EVENTS, new StoreMessage.ReadEvents(id, 0, 100)))
        .body()
        .events();
  }
}
