package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where one variant's training stands. */
public enum TrainingStatus {
  /** Waits for its run, a worker, or its data. */
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("running")
  RUNNING,
  @JsonProperty("completed")
  COMPLETED,
  /** Stopped on request. */
  @JsonProperty("cancelled")
  CANCELLED,
  /** Its loss stopped being a finite number. */
  @JsonProperty("diverged")
  DIVERGED,
  /** Could not go on; the message says why. */
  @JsonProperty("failed")
  FAILED,
  /** The server stopped while it ran. */
  @JsonProperty("interrupted")
  INTERRUPTED;

  /** Whether nothing more will happen. */
  public boolean hasEnded() {
    return this != QUEUED && this != RUNNING;
  }
}
