package dev.tandem.coordinator;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.RunEvent;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Trains nothing, and says what the test tells it to say. */
final class FakeTrainer extends VerticleBase {
  final List<String> started = Collections.synchronizedList(new ArrayList<>());
  final List<BusMessage.Start> starts = Collections.synchronizedList(new ArrayList<>());

  /** What trainings were asked to end as. */
  final List<TrainingStatus> asked = Collections.synchronizedList(new ArrayList<>());

  volatile boolean obedient;

  @Override
  public Future<?> start() {
    var bus = vertx.eventBus();
    return Future.all(
        bus.<BusMessage.Start>consumer(Addresses.TRAINING_START, this::begin).completion(),
        bus.<BusMessage.Stop>consumer(Addresses.TRAINING_STOP, this::stopTraining).completion());
  }

  private void begin(Message<BusMessage.Start> request) {
    starts.add(request.body());
    started.add(request.body().runId() + "/" + request.body().training().variant());
    request.reply(null);
  }

  private void stopTraining(Message<BusMessage.Stop> request) {
    asked.add(request.body().status());
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
