package dev.tandem.training;

/** What the store has kept of a training can't be used; the message says why, to people. */
final class UnusableStateException extends Exception {
  private static final long serialVersionUID = 1;

  UnusableStateException(String message) {
    super(message);
  }
}
