package dev.tandem.dl4j;

/** What was asked for, or anything, can't compute; the message says why, to people. */
public final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BackendUnavailableException(String reason) {
    this("can't compute with CUDA: ", reason);
  }

  private BackendUnavailableException(String what, String reason) {
    super(what + reason);
  }

  static BackendUnavailableException atAll(String reason) {
    return new BackendUnavailableException("can't compute: ", reason);
  }
}
