package dev.tandem.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk back what deleted runs have left free in a SQLite file: a little at a time, so
 * that what trains never waits long. PostgreSQL sees to its own.
 */
final class Space {
  private static final Logger LOG = LoggerFactory.getLogger(Space.class);

  /** Free pages that are kept for what is written next: 1 MB. */
  private static final int KEPT_PAGES = 256;

  /** Some milliseconds' work. */
  private static final int PAGES_AT_ONCE = 1024;

  /** A file that holds more is not rewritten at a start: it takes a second for some 200 MB. */
  private static final long REWRITTEN_BYTES = 512L << 20;

  private static final int INCREMENTAL = 2;

  private Space() {}

  /**
   * Has a file's free pages be such that they can be given back. That of an earlier Tandem is
   * written anew for it, if it doesn't hold too much and there is room; without, it stays as large
   * as it is.
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    connection.setAutoCommit(true);
    try {
      if (number(connection, "auto_vacuum") == INCREMENTAL) {
        return;
      }
      long held =
          (number(connection, "page_count") - number(connection, "freelist_count"))
              * number(connection, "page_size");
      if (held > REWRITTEN_BYTES || !isRoomFor(held, file)) {
        LOG.info(
            "{} keeps its size when runs are deleted. To change that, stop Tandem and run:"
                + " sqlite3 {} \"PRAGMA auto_vacuum = incremental; VACUUM\"",
            file,
            file);
        return;
      }
      run(connection, "auto_vacuum = " + INCREMENTAL);
      try (Statement statement = connection.createStatement()) {
        statement.execute("VACUUM");
      }
      shrink(connection);
    } finally {
      connection.setAutoCommit(false);
    }
  }

  /** A copy, and the same again in the write-ahead log. */
  private static boolean isRoomFor(long bytes, Path file) {
    try {
      return Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() > 3 * bytes;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Gives some free pages back.
   *
   * @return whether there are more
   */
  static boolean giveBack(Connection connection) throws SQLException {
    // A checkpoint is taken outside of transactions, and each step here is one of its own.
    connection.setAutoCommit(true);
    try {
      long free = number(connection, "freelist_count") - KEPT_PAGES;
      if (free <= 0 || number(connection, "auto_vacuum") != INCREMENTAL) {
        return false;
      }
      run(connection, "incremental_vacuum(" + Math.min(free, PAGES_AT_ONCE) + ")");
      long left = number(connection, "freelist_count") - KEPT_PAGES;
      if (left <= 0) {
        shrink(connection);
      }
      return left > 0 && left < free;
    } finally {
      connection.setAutoCommit(false);
    }
  }

  /** Brings file and log to their size; if somebody reads just now, the next time does. */
  private static void shrink(Connection connection) throws SQLException {
    long patience = number(connection, "busy_timeout");
    run(connection, "busy_timeout = 0");
    try {
      run(connection, "wal_checkpoint(TRUNCATE)");
    } finally {
      run(connection, "busy_timeout = " + patience);
    }
  }

  /** To its end: each row may be a step, also one without columns. */
  private static void run(Connection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + pragma);
      try (ResultSet steps = statement.getResultSet()) {
        while (steps != null && steps.next()) {
          // Its values say nothing.
        }
      }
    }
  }

  private static long number(Connection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + pragma)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
