package dev.tandem.training;

/** A dataset cannot be had. The message is for a person: what is wrong, and what to do. */
final class DatasetException extends Exception {
  private static final long serialVersionUID = 1;

  DatasetException(String message) {
    super(message);
  }

  DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
