package dev.tandem.coordinator;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.DataFingerprint;
import dev.tandem.run.Limits;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.CancelRequest;
import dev.tandem.run.RunEvent.PaceChange;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunPace;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a run's start to its end: has its trainings started, numbers what they tell, ends it, and
 * starts the next one. RunLifecycle on the coordinator's event loop.
 */
final class RunLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RunLifecycle.class);

  private final Vertx vertx;
  private final Limits limits;
  private final OpenRuns open;
  private final Outbox outbox;
  private final Supplier<Instant> now;

  /** Null until the server stops. */
  private Promise<Void> stopping;

  RunLifecycle(Vertx vertx, Limits limits, OpenRuns open, Outbox outbox, Supplier<Instant> now) {
    this.vertx = vertx;
    this.limits = limits;
    this.open = open;
    this.outbox = outbox;
    this.now = now;
  }

  boolean isStopping() {
    return stopping != null;
  }

  /** Completes once every training has kept its checkpoint and all that happened is durable. */
  Future<Void> stop() {
    stopping = Promise.promise();
    for (OpenRun run : open.with(RunStatus.RUNNING)) {
      // Who asked for its end is to have it: it doesn't go on with the next server.
      tellToStop(
          run, run.isBeingCancelled() ? TrainingStatus.CANCELLED : TrainingStatus.INTERRUPTED);
    }
    completeStop();
    return stopping.future();
  }

  /** A training has told of something; what comes after its end is not taken. */
  void happened(OpenRun run, TrainingEvent event) {
    if (!run.isAtWork(event.training())) {
      LOG.debug("run {}, {}: {} after its end", run.id(), event.training(), event.type());
    } else if (isParked(event)) {
      run.park(event.training());
      completeStop();
    } else {
      RunEvent news = run.unseen(event);
      if (news != null) {
        record(run, news);
        finishWhenAllEnded(run);
        completeStop();
      }
    }
  }

  /** A training has its data: the run's first one to have any says what the run is on. */
  void has(OpenRun run, DataFingerprint data) {
    if (run.now().data() == null) {
      record(run, new RunEvent.Data(0, data));
    }
  }

  /**
   * A training can't go on with what this server has: it waits for the next one, and makes room.
   */
  void hold(OpenRun run, TrainingId training, String why) {
    if (!run.training(training).status().hasEnded()) {
      record(
          run,
          new TrainingChange(0, training.variant(), training.repeat(), TrainingStatus.QUEUED, why));
      run.hold(training);
    }
    if (stopping == null) {
      startNext();
    } else {
      completeStop();
    }
  }

  /** A training that stops with the server has not ended: it goes on with the next one. */
  private boolean isParked(RunEvent event) {
    return stopping != null
        && event instanceof TrainingChange change
        && change.status() == TrainingStatus.INTERRUPTED;
  }

  private void queue(OpenRun run) {
    record(run, new RunChange(0, RunStatus.QUEUED, run.at(now.get())));
  }

  /** A new run is durable, running or queued. */
  void accepted(OpenRun run) {
    if (run.now().status() == RunStatus.RUNNING) {
      startTrainings(run, false);
    } else {
      startNext();
    }
  }

  private void start(OpenRun run) {
    record(run, new RunChange(0, RunStatus.RUNNING, run.at(now.get())));
    startTrainings(run, false);
  }

  /**
   * Goes on with a run that the last server left.
   *
   * @param resume false to end it as interrupted
   */
  void recover(OpenRun run, boolean resume) {
    if (run.isBeingCancelled()) {
      endAll(run, TrainingStatus.CANCELLED);
    } else if (!resume) {
      endAll(run, TrainingStatus.INTERRUPTED);
    } else if (run.now().status() == RunStatus.RUNNING) {
      startTrainings(run, true);
      finishWhenAllEnded(run);
    } else {
      // Said again, so that whoever began to listen after the restart knows of it.
      queue(run);
    }
  }

  private void startTrainings(OpenRun run, boolean resume) {
    if (stopping != null) {
      return;
    }
    RunSettings settings = run.now().settings();
    Double pace = run.now().pace().iterationsPerSecond();
    // All at once: those who train take as many at a time as they can, in this order.
    for (Training training : run.now().trainings()) {
      if (!training.status().hasEnded()) {
        run.started(training.id());
        var start =
            new BusMessage.Start(
                run.id(), training.id(), settings.plan(training.id()), pace, resume);
        vertx
            .eventBus()
            .request(Addresses.TRAINING_START, start)
            .onFailure(failure -> couldNotStart(run, training.id(), failure));
      }
    }
  }

  private void couldNotStart(OpenRun run, TrainingId training, Throwable failure) {
    LOG.error("run {}, {} could not start", run.id(), training, failure);
    happened(
        run,
        new TrainingChange(
            0,
            training.variant(),
            training.repeat(),
            TrainingStatus.FAILED,
            "No worker took this training."));
  }

  /** Ends what waits at once, and what runs as soon as its trainings say so. */
  void cancel(OpenRun run) {
    if (!run.isBeingCancelled()) {
      record(run, new CancelRequest(0, run.at(now.get())));
    }
    if (run.now().status() == RunStatus.RUNNING) {
      tellToStop(run, TrainingStatus.CANCELLED);
      endHeld(run);
    } else {
      endAll(run, TrainingStatus.CANCELLED);
      startNext();
    }
  }

  /** Holds all trainings of a run to a pace from now on; null for as fast as they go. */
  void setPace(OpenRun run, Double iterationsPerSecond) {
    if (!run.now().pace().equals(new RunPace(iterationsPerSecond))) {
      record(run, new PaceChange(0, iterationsPerSecond, run.at(now.get())));
    }
    vertx
        .eventBus()
        .publish(Addresses.TRAINING_PACE, new BusMessage.Pace(run.id(), iterationsPerSecond));
  }

  /** Nobody works on these any more who could say that they have ended. */
  private void endHeld(OpenRun run) {
    for (TrainingId of : run.held()) {
      if (!run.training(of).status().hasEnded()) {
        record(
            run, new TrainingChange(0, of.variant(), of.repeat(), TrainingStatus.CANCELLED, null));
      }
    }
    finishWhenAllEnded(run);
  }

  private void endAll(OpenRun run, TrainingStatus status) {
    for (Training of : run.now().trainings()) {
      if (!of.status().hasEnded()) {
        record(run, new TrainingChange(0, of.variant(), of.repeat(), status, null));
      }
    }
    record(run, new RunChange(0, run.outcome(), run.at(now.get())));
  }

  private void tellToStop(OpenRun run, TrainingStatus status) {
    vertx.eventBus().publish(Addresses.TRAINING_STOP, new BusMessage.Stop(run.id(), status));
  }

  private void finishWhenAllEnded(OpenRun run) {
    if (run.now().status() != RunStatus.RUNNING || !run.allTrainingsEnded()) {
      return;
    }
    record(run, new RunChange(0, run.outcome(), run.at(now.get())));
    startNext();
  }

  /** Starts as many of those that wait as may run. */
  void startNext() {
    for (OpenRun run : open.with(RunStatus.QUEUED)) {
      if (stopping != null || open.active() >= limits.activeRuns()) {
        return;
      }
      // One that is not durable yet may still come to nothing.
      if (run.durable() != null) {
        start(run);
      }
    }
  }

  /** To be called whenever a training has ended or stopped, in whatever way. */
  private void completeStop() {
    if (stopping != null && !open.anyAtWork()) {
      outbox.whenDurable(() -> stopping.tryComplete());
    }
  }

  /** The one place where an event gets its number. */
  private void record(OpenRun run, RunEvent event) {
    outbox.add(run.record(event));
  }
}
