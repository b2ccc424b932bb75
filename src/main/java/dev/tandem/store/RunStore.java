package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All SQL: the same for SQLite and PostgreSQL. Blocks; thread-safe. */
final class RunStore {
  private final Database database;
  private final RunRows runRows = new RunRows();

  RunStore(Database database) {
    this.database = database;
  }

  /** Keeps events and the runs after them, all or none; durable when it returns. */
  void append(List<BusMessage.Happened> told) throws SQLException {
    List<BusMessage.Happened> rows = new ArrayList<>();
    inTransaction(
        connection -> {
          List<BusMessage.Happened> news = ofKeptRuns(connection, told);
          rows.addAll(runRows.due(news));
          // Asked again after an answer that got lost, it finds them there.
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO events (run_id, seq, event) VALUES (?, ?, ?)"
                      + " ON CONFLICT (run_id, seq) DO NOTHING")) {
            for (BusMessage.Happened happened : news) {
              insert.setString(1, happened.run().id());
              insert.setLong(2, happened.event().seq());
              insert.setString(3, Json.text(kept(happened.event())));
              insert.addBatch();
            }
            insert.executeBatch();
          }
          try (PreparedStatement upsert =
              connection.prepareStatement(
                  "INSERT INTO runs (id, ended, last_seq, run) VALUES (?, ?, ?, ?)"
                      + " ON CONFLICT (id) DO UPDATE SET ended = excluded.ended,"
                      + " last_seq = excluded.last_seq, run = excluded.run")) {
            for (BusMessage.Happened happened : rows) {
              upsert.setString(1, happened.run().id());
              upsert.setInt(2, happened.run().status().hasEnded() ? 1 : 0);
              upsert.setLong(3, happened.event().seq());
              upsert.setString(4, Json.text(happened.run()));
              upsert.addBatch();
            }
            upsert.executeBatch();
          }
          Listings.put(connection, rows.stream().map(BusMessage.Happened::run).toList());
          for (BusMessage.Happened happened : rows) {
            if (happened.run().status().hasEnded()) {
              delete(connection, "checkpoints", happened.run().id());
            }
          }
        });
    runRows.written(rows);
  }

  /** Durations of single steps are measured once, when they are told. */
  private static RunEvent kept(RunEvent event) {
    return event instanceof Steps steps ? steps.withoutSeconds() : event;
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

  /** A run and the number of its last event; the run null if there is none. */
  BusMessage.Stored standing(String id) throws SQLException {
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
  List<BusMessage.Stored> unfinished() throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT " + RunRows.COLUMNS + " FROM runs WHERE ended = 0 ORDER BY id")) {
      return RunRows.read(connection, select);
    }
  }

  /** A run's events after a number, and the run after its last one; at most {@code limit}. */
  BusMessage.Events events(String runId, long after, int limit) throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT event FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?")) {
      // The run first: what is appended in between only makes the events more, never fewer.
      Run run = run(connection, runId);
      select.setString(1, runId);
      select.setLong(2, after);
      select.setInt(3, limit);
      return new BusMessage.Events(run, RunRows.events(select));
    }
  }

  /** The runs that ended last, oldest first, each with what was last told of its trainings. */
  List<BusMessage.Events> last(int runs) throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT "
                    + RunRows.COLUMNS
                    + " FROM runs WHERE ended = 1 ORDER BY id DESC LIMIT ?")) {
      select.setInt(1, runs);
      List<BusMessage.Events> last = new ArrayList<>();
      for (BusMessage.Stored stored : RunRows.read(connection, select)) {
        last.add(0, new BusMessage.Events(stored.run(), LastEvents.of(connection, stored.run())));
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

  private static Run run(Connection connection, String id) throws SQLException {
    return standing(connection, id).run();
  }

  private static BusMessage.Stored standing(Connection connection, String id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + RunRows.COLUMNS + " FROM runs WHERE id = ?")) {
      select.setString(1, id);
      List<BusMessage.Stored> found = RunRows.read(connection, select);
      return found.isEmpty() ? new BusMessage.Stored(null, 0) : found.get(0);
    }
  }

  private static void delete(Connection connection, String table, String runId)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + table + " WHERE run_id = ?")) {
      delete.setString(1, runId);
      delete.executeUpdate();
    }
  }

  private void inTransaction(Work work) throws SQLException {
    try (Connection connection = database.writing()) {
      try {
        work.on(connection);
        connection.commit();
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
