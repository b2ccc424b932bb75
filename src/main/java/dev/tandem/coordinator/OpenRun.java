package dev.tandem.coordinator;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunStatus;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A run that has not ended, as the coordinator holds it. */
final class OpenRun {
  private Run run;

  /** As it was after the last event that is durable: what the world may know. Null before one. */
  private Run durable;

  private long seq;

  /** Trainings that were started, and have neither ended nor stopped with the server. */
  private final Set<TrainingId> atWork = new HashSet<>();

  /** Trainings that can't go on with this server: the next one may. */
  private final Set<TrainingId> held = new HashSet<>();

  /** One that is new. */
  OpenRun(Run run) {
    this.run = run;
  }

  /**
   * One that the store has.
   *
   * @param lastSeq number of its last event
   */
  OpenRun(Run run, long lastSeq) {
    this.run = run;
    this.durable = run;
    this.seq = lastSeq;
  }

  String id() {
    return run.id();
  }

  Run now() {
    return run;
  }

  Run durable() {
    return durable;
  }

  void durable(Run state) {
    durable = state;
  }

  /** Number of its last event, durable or not. */
  long lastSeq() {
    return seq;
  }

  Training training(TrainingId id) {
    return run.trainings().stream()
        .filter(training -> training.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Now, but never before what has happened in it already, whatever becomes of the clock. */
  Instant at(Instant now) {
    Instant before = run.startedAt() == null ? run.createdAt() : run.startedAt();
    return now.isBefore(before) ? before : now;
  }

  /** Gives an event its number; the run after it is {@link #durable} once the store has it. */
  BusMessage.Happened record(RunEvent event) {
    RunEvent numbered = event.numbered(++seq);
    run = run.after(numbered);
    if (event instanceof TrainingChange change && change.status().hasEnded()) {
      atWork.remove(change.training());
    }
    return new BusMessage.Happened(run, numbered);
  }

  /**
   * What is new in an event. A training that goes on from a checkpoint tells again, bit for bit,
   * what had happened between its checkpoint and the end of the last server.
   *
   * @return null if nothing is
   */
  TrainingEvent unseen(TrainingEvent event) {
    Training training = training(event.training());
    if (event instanceof Steps steps && steps.from() <= training.iteration()) {
      int seen = (int) Math.min(steps.losses().length, training.iteration() - steps.from() + 1);
      return seen == steps.losses().length ? null : rest(steps, seen);
    }
    if (event instanceof EpochEnd end && end.epoch() <= training.epoch()) {
      return null;
    }
    if (event instanceof Layers layers && layers.iteration() <= training.lookedAt()) {
      return null;
    }
    if (event instanceof Histograms of && of.epoch() <= training.histogramsOf()) {
      return null;
    }
    if (event instanceof TrainingChange change
        && change.status() == TrainingStatus.RUNNING
        && training.status() == TrainingStatus.RUNNING) {
      return null;
    }
    return event;
  }

  private static Steps rest(Steps steps, int seen) {
    int all = steps.losses().length;
    return new Steps(
        0,
        steps.variant(),
        steps.repeat(),
        steps.from() + seen,
        Arrays.copyOfRange(steps.losses(), seen, all),
        steps.at(),
        steps.seconds() == null ? null : Arrays.copyOfRange(steps.seconds(), seen, all));
  }

  /** A training has been asked to begin, or to go on. */
  void started(TrainingId training) {
    atWork.add(training);
  }

  /** A training has stopped with the server, to go on with the next one. */
  void park(TrainingId training) {
    atWork.remove(training);
  }

  /** A training can't go on with this server. */
  void hold(TrainingId training) {
    park(training);
    held.add(training);
  }

  Set<TrainingId> held() {
    return held;
  }

  /** Whether there is nothing left of it that this server could do. */
  boolean isHeld() {
    return atWork.isEmpty() && !held.isEmpty();
  }

  boolean isAtWork(TrainingId training) {
    return atWork.contains(training);
  }

  /** Whether any training is still to end, or to stop with the server. */
  boolean isAtWork() {
    return !atWork.isEmpty();
  }

  boolean isBeingCancelled() {
    return run.cancelRequestedAt() != null;
  }

  boolean allTrainingsEnded() {
    return run.trainings().stream().allMatch(training -> training.status().hasEnded());
  }

  /** What it ended as, after all its trainings have. */
  RunStatus outcome() {
    List<TrainingStatus> ends = run.trainings().stream().map(Training::status).toList();
    if (ends.contains(TrainingStatus.CANCELLED)) {
      return RunStatus.CANCELLED;
    }
    if (ends.contains(TrainingStatus.INTERRUPTED)) {
      return RunStatus.INTERRUPTED;
    }
    return ends.contains(TrainingStatus.FAILED) ? RunStatus.FAILED : RunStatus.COMPLETED;
  }
}
