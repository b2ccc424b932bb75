package dev.tandem.store;

import java.sql.SQLException;

/** The time to write something was over before it was committed: nothing of it is kept. */
final class TooLateException extends SQLException {
  private static final long serialVersionUID = 1;

  TooLateException() {
    super("it does not answer in time");
  }
}
