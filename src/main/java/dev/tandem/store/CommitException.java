package dev.tandem.store;

import java.sql.SQLException;

/** A commit has failed: what was to be written may be durable or not. */
final class CommitException extends SQLException {
  private static final long serialVersionUID = 1;

  CommitException(SQLException cause) {
    super(cause.getMessage(), cause);
  }
}
