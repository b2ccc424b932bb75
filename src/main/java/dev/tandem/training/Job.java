package dev.tandem.training;

import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicBoolean;

/** A training that was asked for: until a worker begins it, and while it runs. Thread-safe. */
final class Job {
  private final BusMessage.Start start;
  private final Questions questions = new Questions();
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final Promise<Void> finished = Promise.promise();
  private final Pace pace;
  private final boolean alone;
  private volatile TrainingStatus requestedEnd;

  Job(BusMessage.Start start) {
    this(start, new Pace(start.iterationsPerSecond()), false);
  }

  private Job(BusMessage.Start start, Pace pace, boolean alone) {
    this.start = start;
    this.pace = pace;
    this.alone = alone;
  }

  /** The same once more, from its last checkpoint, with no other training beside it. */
  Job again() {
    Job again =
        new Job(
            new BusMessage.Start(
                start.runId(), start.training(), start.plan(), start.iterationsPerSecond(), true),
            pace,
            true);
    again.requestedEnd = requestedEnd;
    return again;
  }

  /** Whether no other training is to be beside it. */
  boolean isAlone() {
    return alone;
  }

  BusMessage.Start start() {
    return start;
  }

  /** What viewers ask its network. */
  Questions questions() {
    return questions;
  }

  boolean isOf(String runId, TrainingId training) {
    return start.runId().equals(runId) && start.training().equals(training);
  }

  Pace pace() {
    return pace;
  }

  /** True for the first caller alone: it is to see the job to its end. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /** Has it end so, as soon as it can; null to have it go on. */
  void requestEnd(TrainingStatus end) {
    requestedEnd = end;
  }

  /** No thread works on it any more. */
  void finish() {
    finished.complete();
  }

  /** Completes when no thread works on it any more. */
  Future<Void> finished() {
    return finished.future();
  }

  /** What it is to end as, or null to go on. */
  TrainingStatus requestedEnd() {
    return requestedEnd;
  }
}
