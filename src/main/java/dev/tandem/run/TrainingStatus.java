package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where one variant's training stands. */
public enum TrainingStatus {
  /** Waits for its run, a worker, or its data. */
  QUEUED,
  RUNNING,
  COMPLETED,
  /** Stopped on request. */
  CANCELLED,
  /** Its loss stopped being a finite number. */
  DIVERGED,
  /** Could not go on; the message says why. */
  FAILED,
  /** The server stopped while it ran. */
  INTERRUPTED;

  /** Whether nothing more will happen. */
  public boolean hasEnded() {
    return this != QUEUED && this != RUNNING;
  }

  /** The name in JSON. */
  @JsonValue
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
