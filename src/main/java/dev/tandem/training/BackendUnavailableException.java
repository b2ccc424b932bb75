package dev.tandem.training;

/** CUDA was asked for and can't be had; the message says why, to people. */
public final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BackendUnavailableException(String reason) {
    super("can't compute with CUDA: " + reason);
  }
}
