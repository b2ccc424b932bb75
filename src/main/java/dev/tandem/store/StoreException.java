package dev.tandem.store;

/** Why the store can't be opened, in one sentence for whoever starts the server. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
