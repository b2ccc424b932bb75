package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunQuery;
import dev.tandem.run.StoreMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** All SQL: the same for SQLite and PostgreSQL. Blocks; thread-safe. */
final class RunStore {
  /** SQLite's codes for a database that is locked, and a disk that is full. */
  private static final Set<Integer> ROLLED_BACK = Set.of(5, 13);

  private final Database database;
  private final EventRows events = new EventRows();

  RunStore(Database database) {
    this.database = database;
  }

  /** Keeps events and the runs after them, all or none; durable when it returns. */
  void append(List<BusMessage.Happened> told) throws SQLException {
    append(new StoreMessage.Append(told), () -> true);
  }

  /**
   * @param mayCommit asked once, when nothing is left but to commit
   * @throws SQLException when nothing was kept; as a {@link CommitException} if it may have been
   */
  synchronized void append(StoreMessage.Append asked, BooleanSupplier mayCommit)
      throws SQLException {
    try {
      inTransaction(
          connection ->
              events.append(
                  connection, ofKeptRuns(connection, asked.news()), asked.idempotencyKeys()),
          mayCommit);
    } catch (SQLException | RuntimeException e) {
      events.unsure(asked.news());
      throw e;
    }
    events.durable(asked.news());
  }

  /**
   * A label may come for an ended run that has been forgotten meanwhile: it is not to bring it
   * back.
   */
  private static List<BusMessage.Happened> ofKeptRuns(
      Connection connection, List<BusMessage.Happened> told) throws SQLException {
    Set<String> begun = new HashSet<>();
    List<BusMessage.Happened> kept = new ArrayList<>();
    for (BusMessage.Happened happened : told) {
      Run run = happened.run();
      boolean late = happened.event() instanceof RunEvent.Label && run.status().hasEnded();
      if (!late || begun.contains(run.id()) || run(connection, run.id()) != null) {
        begun.add(run.id());
        kept.add(happened);
      }
    }
    return kept;
  }

  /** The run that was asked for with a key, and its first event; the run null if there is none. */
  StoreMessage.Events submitted(String idempotencyKey) throws SQLException {
    String id;
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement("SELECT id FROM runs WHERE idempotency_key = ?")) {
      select.setString(1, idempotencyKey);
      try (ResultSet rows = select.executeQuery()) {
        id = rows.next() ? rows.getString(1) : null;
      }
    }
    return id == null ? new StoreMessage.Events(null, List.of()) : events(id, 0, 1);
  }

  /** A run and the number of its last event; the run null if there is none. */
  StoreMessage.Stored standing(String id) throws SQLException {
    try (Connection connection = database.reading()) {
      return standing(connection, id);
    }
  }

  /** A run, or null. */
  Run run(String id) throws SQLException {
    try (Connection connection = database.reading()) {
      return run(connection, id);
    }
  }

  /** Runs as they are asked for. */
  BusMessage.ManyRuns find(RunQuery query) throws SQLException {
    try (Connection connection = database.reading()) {
      return Listings.find(connection, query);
    }
  }

  /** Runs that have not ended, oldest first. */
  List<StoreMessage.Stored> unfinished() throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT " + RunRows.COLUMNS + " FROM runs WHERE ended = 0 ORDER BY id")) {
      return RunRows.read(connection, select);
    }
  }

  /**
   * A run's events after a number, and the run after its last one. Few at a time: those who want
   * more ask again from the last one on. {@code steps} may have been put together, also with some
   * up to that number.
   *
   * @param limit at most so many rows; fewer where they are long
   * @return none only if there are none
   */
  StoreMessage.Events events(String runId, long after, int limit) throws SQLException {
    try (Connection connection = database.reading()) {
      // The run first: what is appended in between only makes the events more, never fewer.
      Run run = run(connection, runId);
      return new StoreMessage.Events(run, EventRows.read(connection, runId, after, limit));
    }
  }

  /** The runs that ended last, oldest first, each with what was last told of its trainings. */
  List<StoreMessage.Events> last(int runs) throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT "
                    + RunRows.COLUMNS
                    + " FROM runs WHERE ended = 1 ORDER BY id DESC LIMIT ?")) {
      select.setInt(1, runs);
      List<StoreMessage.Events> last = new ArrayList<>();
      for (StoreMessage.Stored stored : RunRows.read(connection, select)) {
        last.add(0, new StoreMessage.Events(stored.run(), LastEvents.of(connection, stored.run())));
      }
      return last;
    }
  }

  /** Forgets a run and all that belongs to it. */
  void delete(String runId) throws SQLException {
    inTransaction(
        connection -> {
          for (String table : List.of("events", "checkpoints", "models")) {
            delete(connection, table, runId);
          }
          Listings.delete(connection, runId);
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM runs WHERE id = ?")) {
            delete.setString(1, runId);
            delete.executeUpdate();
          }
        });
    synchronized (this) {
      events.forget(runId);
    }
  }

  /** Ended runs beyond the newest {@code kept}, oldest first. */
  List<String> beyond(int kept) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT id FROM runs WHERE ended = 1 AND id <"
                    + " (SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?) ORDER BY id")) {
      select.setInt(1, kept - 1);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
    }
    return ids;
  }

  void keep(Kind kind, BusMessage.Keep keep) throws SQLException {
    inTransaction(
        connection -> {
          try (PreparedStatement upsert =
              connection.prepareStatement(
                  "INSERT INTO "
                      + kind.table
                      + " (run_id, variant, repeat, state) VALUES (?, ?, ?, ?)"
                      + " ON CONFLICT (run_id, variant, repeat) DO UPDATE SET state = excluded.state")) {
            upsert.setString(1, keep.runId());
            upsert.setString(2, keep.training().variant());
            upsert.setInt(3, keep.training().repeat());
            upsert.setBytes(4, keep.state());
            upsert.executeUpdate();
          }
        });
  }

  BusMessage.Kept kept(Kind kind, BusMessage.ForTraining of) throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT state FROM "
                    + kind.table
                    + " WHERE run_id = ? AND variant = ? AND repeat = ?")) {
      select.setString(1, of.runId());
      select.setString(2, of.training().variant());
      select.setInt(3, of.training().repeat());
      try (ResultSet rows = select.executeQuery()) {
        return new BusMessage.Kept(
            run(connection, of.runId()), rows.next() ? rows.getBytes(1) : null);
      }
    }
  }

  /** Lets go of the models of all but the newest runs. */
  void dropModelsBeyond(int kept) throws SQLException {
    inTransaction(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM models WHERE run_id <"
                      + " (SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?)")) {
            delete.setInt(1, kept - 1);
            delete.executeUpdate();
          }
        });
  }

  /** What is kept of a training beside its events. */
  enum Kind {
    CHECKPOINT("checkpoints"),
    MODEL("models");

    private final String table;

    Kind(String table) {
      this.table = table;
    }
  }

  static Run run(Connection connection, String id) throws SQLException {
    return standing(connection, id).run();
  }

  private static StoreMessage.Stored standing(Connection connection, String id)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + RunRows.COLUMNS + " FROM runs WHERE id = ?")) {
      select.setString(1, id);
      List<StoreMessage.Stored> found = RunRows.read(connection, select);
      return found.isEmpty() ? new StoreMessage.Stored(null, 0) : found.get(0);
    }
  }

  static void delete(Connection connection, String table, String runId) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + table + " WHERE run_id = ?")) {
      delete.setString(1, runId);
      delete.executeUpdate();
    }
  }

  private void inTransaction(Work work) throws SQLException {
    inTransaction(work, () -> true);
  }

  private void inTransaction(Work work, BooleanSupplier mayCommit) throws SQLException {
    try (Connection connection = database.writing()) {
      try {
        work.on(connection);
        if (!mayCommit.getAsBoolean()) {
          throw new TooLateException();
        }
        commit(connection);
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      } catch (AssertionError e) {
        // So PostgreSQL's driver puts it when the server hangs up on a batch.
        SQLException lost = new SQLException("the connection to the database was lost", e);
        rollBack(connection, lost);
        throw lost;
      }
    }
  }

  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw ROLLED_BACK.contains(e.getErrorCode()) ? e : new CommitException(e);
    }
  }

  private void rollBack(Connection connection, Exception because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // On a full disk SQLite has rolled back by itself, and its driver doesn't know: the
      // connection would never begin a transaction again.
      because.addSuppressed(e);
      database.discard(connection);
    }
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }
}
