package dev.tandem.data;

/** Why one mirror did not give one file, in a few words. */
final class MirrorFault extends Exception {
  private static final long serialVersionUID = 1;

  MirrorFault(String message) {
    super(message);
  }

  MirrorFault(String message, Throwable cause) {
    super(message, cause);
  }
}
