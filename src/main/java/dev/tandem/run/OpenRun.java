package dev.tandem.run;

import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Histograms;
import dev.tandem.run.RunEvent.Layers;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingChange;
import dev.tandem.run.RunEvent.TrainingEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A run that has not ended, as the coordinator holds it. */
final class OpenRun {
  private Run run;

  /** As it was after the last event that is durable: what the world may know. */
  private Run told;

  private long seq;

  /** What its trainings are held to now; null for as fast as they go. */
  private Double pace;

  /** Trainings that have stopped with the server, or can't go on with it: the next one may. */
  private final Set<TrainingId> parked = new HashSet<>();

  /**
   * @param lastSeq number of its last event; 0 before the first
   */
  OpenRun(Run run, long lastSeq) {
    this.run = run;
    this.told = run;
    this.seq = lastSeq;
    this.pace = run.settings().iterationsPerSecond();
  }

  String id() {
    return run.id();
  }

  Run now() {
    return run;
  }

  Run told() {
    return told;
  }

  void told(Run durable) {
    told = durable;
  }

  /** Number of its last event, durable or not. */
  long lastSeq() {
    return seq;
  }

  Double pace() {
    return pace;
  }

  void setPace(Double iterationsPerSecond) {
    pace = iterationsPerSecond;
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

  /** Gives an event its number. It is to be {@link #told} once it is durable. */
  BusMessage.Happened record(RunEvent event) {
    RunEvent numbered = event.numbered(++seq);
    run = run.after(numbered);
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

  void park(TrainingId training) {
    parked.add(training);
  }

  Set<TrainingId> parked() {
    return parked;
  }

  /** Whether every training has ended or is parked. */
  boolean isParked() {
    return run.trainings().stream()
        .allMatch(of -> of.status().hasEnded() || parked.contains(of.id()));
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
