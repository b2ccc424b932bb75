package dev.tandem.data;

/** A dataset cannot be had. The message is for a person: what is wrong, and what to do. */
public final class DatasetException extends Exception {
  private static final long serialVersionUID = 1;

  public DatasetException(String message) {
    super(message);
  }

  DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
