package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
  /** Waits for runs before it. */
  QUEUED,
  /** Its trainings run, or wait for a worker. */
  RUNNING,
  /** Every training came to its own end: completed or diverged. */
  COMPLETED,
  /** Stopped on request. */
  CANCELLED,
  /** At least one training failed. */
  FAILED,
  /** The server stopped while it ran. */
  INTERRUPTED;

  /** Whether nothing more will happen. */
  public boolean hasEnded() {
    return this != QUEUED && this != RUNNING;
  }

  /** The name in JSON and in metrics. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
