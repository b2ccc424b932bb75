package dev.tandem.training;

import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import java.util.concurrent.atomic.AtomicBoolean;

/** A training that was asked for: until a worker begins it, and while it runs. Thread-safe. */
final class Job {
  private final BusMessage.Start start;
  private final Questions questions = new Questions();
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile TrainingStatus asked;

  Job(BusMessage.Start start) {
    this.start = start;
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

  /** True for the first caller alone: it is to see the job to its end. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  void ask(TrainingStatus end) {
    asked = end;
  }

  /** What it is to end as, or null to go on. */
  TrainingStatus asked() {
    return asked;
  }
}
