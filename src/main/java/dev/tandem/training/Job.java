package dev.tandem.training;

import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingStatus;
import java.util.concurrent.atomic.AtomicBoolean;

/** A training that was asked for: until a worker begins it, and while it runs. Thread-safe. */
final class Job {
  private final BusMessage.Start start;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Pace pace;
  private volatile TrainingStatus asked;

  Job(BusMessage.Start start) {
    this.start = start;
    this.pace = new Pace(start.settings().iterationsPerSecond());
  }

  BusMessage.Start start() {
    return start;
  }

  Pace pace() {
    return pace;
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
