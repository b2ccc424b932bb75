package dev.tandem.live;

/** Other runs are being read that take all the memory there is for runs that have ended. */
public final class NoRoomException extends Exception {
  private static final long serialVersionUID = 1;

  NoRoomException() {
    super("Other long runs are being read, as many as there is memory for. Try again soon.");
  }
}
