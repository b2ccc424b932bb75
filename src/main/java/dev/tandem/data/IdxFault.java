package dev.tandem.data;

/** What is wrong with an IDX file, as the rest of a sentence that starts with its name. */
final class IdxFault extends Exception {
  private static final long serialVersionUID = 1;

  IdxFault(String message) {
    super(message);
  }
}
