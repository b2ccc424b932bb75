package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a run stands. */
public enum RunStatus {
  /** Waits for runs before it. */
  @JsonProperty("queued")
  QUEUED,
  /** Its trainings run, or wait for a worker. */
  @JsonProperty("running")
  RUNNING,
  /** Every training came to its own end: completed or diverged. */
  @JsonProperty("completed")
  COMPLETED,
  /** Stopped on request. */
  @JsonProperty("cancelled")
  CANCELLED,
  /** At least one training failed. */
  @JsonProperty("failed")
  FAILED,
  /** The server stopped while it ran. */
  @JsonProperty("interrupted")
  INTERRUPTED;

  /** Whether nothing more will happen. */
  public boolean hasEnded() {
    return this != QUEUED && this != RUNNING;
  }

  /** The name in JSON and in metrics. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
