package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Steps;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All SQL: the same for SQLite and PostgreSQL. The row of a run that goes on is written when a
 * status changes, otherwise once a second; who reads it adds the events since. Blocks; thread-safe.
 */
final class RunStore {
  private static final long ROW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Database database;

  /** When each row was written, of the runs that go on. */
  private final Map<String, Long> rowsWritten = new ConcurrentHashMap<>();

  RunStore(Database database) {
    this.database = database;
  }

  /** Keeps events and the runs after them, all or none; durable when it returns. */
  void append(List<BusMessage.Happened> told) throws SQLException {
    List<BusMessage.Happened> rows = new ArrayList<>();
    inTransaction(
        connection -> {
          List<BusMessage.Happened> news = ofKeptRuns(connection, told);
          rows.addAll(rows(news));
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
          for (BusMessage.Happened happened : rows) {
            if (happened.run().status().hasEnded()) {
              delete(connection, "checkpoints", happened.run().id());
            }
          }
        });
    for (BusMessage.Happened happened : rows) {
      if (happened.run().status().hasEnded()) {
        rowsWritten.remove(happened.run().id());
      } else {
        rowsWritten.put(happened.run().id(), System.nanoTime());
      }
    }
  }

  /** Durations of single steps are measured once, when they are told. */
  private static RunEvent kept(RunEvent event) {
    return event instanceof Steps steps ? steps.withoutSeconds() : event;
  }

  /** The last event of each run whose row is to be written now. */
  private Collection<BusMessage.Happened> rows(List<BusMessage.Happened> news) {
    Map<String, BusMessage.Happened> newest = new LinkedHashMap<>();
    Set<String> changed = new HashSet<>();
    for (BusMessage.Happened happened : news) {
      newest.put(happened.run().id(), happened);
      if (changesStanding(happened.event())) {
        changed.add(happened.run().id());
      }
    }
    newest.keySet().removeIf(id -> !changed.contains(id) && isRowFresh(id));
    return newest.values();
  }

  private static boolean changesStanding(RunEvent event) {
    return event instanceof RunEvent.RunChange
        || event instanceof RunEvent.TrainingChange
        || event instanceof RunEvent.Label;
  }

  private boolean isRowFresh(String id) {
    Long written = rowsWritten.get(id);
    return written != null && System.nanoTime() - written < ROW_NANOS;
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
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement("SELECT run, last_seq FROM runs WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? new BusMessage.Stored(read(rows.getString(1), Run.class), rows.getLong(2))
            : new BusMessage.Stored(null, 0);
      }
    }
  }

  /** A run, or null. */
  Run run(String id) throws SQLException {
    try (Connection connection = database.reading()) {
      return run(connection, id);
    }
  }

  /**
   * Runs, newest first.
   *
   * @param before only those older than this one; null for all
   */
  List<Run> list(int limit, String before) throws SQLException {
    String where = before == null ? "" : " WHERE id < ?";
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT ended, last_seq, run FROM runs" + where + " ORDER BY id DESC LIMIT ?")) {
      int at = 1;
      if (before != null) {
        select.setString(at++, before);
      }
      select.setInt(at, limit);
      return upToDate(connection, select).stream().map(BusMessage.Stored::run).toList();
    }
  }

  /** Runs that have not ended, oldest first. */
  List<BusMessage.Stored> unfinished() throws SQLException {
    try (Connection connection = database.reading();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT ended, last_seq, run FROM runs WHERE ended = 0 ORDER BY id")) {
      return upToDate(connection, select);
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
      return new BusMessage.Events(run, events(select));
    }
  }

  /** Forgets a run and all that belongs to it. */
  void delete(String runId) throws SQLException {
    inTransaction(
        connection -> {
          for (String table : List.of("events", "checkpoints", "models")) {
            delete(connection, table, runId);
          }
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
    try (PreparedStatement select =
        connection.prepareStatement("SELECT ended, last_seq, run FROM runs WHERE id = ?")) {
      select.setString(1, id);
      List<BusMessage.Stored> found = upToDate(connection, select);
      return found.isEmpty() ? null : found.get(0).run();
    }
  }

  /** Rows of {@code ended, last_seq, run}, with what has happened since they were written. */
  private static List<BusMessage.Stored> upToDate(Connection connection, PreparedStatement select)
      throws SQLException {
    List<BusMessage.Stored> runs = new ArrayList<>();
    List<BusMessage.Stored> goOn = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        var row = new BusMessage.Stored(read(rows.getString(3), Run.class), rows.getLong(2));
        runs.add(row);
        if (rows.getInt(1) == 0) {
          goOn.add(row);
        }
      }
    }
    for (BusMessage.Stored row : goOn) {
      runs.set(runs.indexOf(row), upToDate(connection, row));
    }
    return runs;
  }

  private static BusMessage.Stored upToDate(Connection connection, BusMessage.Stored row)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT event FROM events WHERE run_id = ? AND seq > ? ORDER BY seq")) {
      select.setString(1, row.run().id());
      select.setLong(2, row.lastSeq());
      Run run = row.run();
      long last = row.lastSeq();
      for (RunEvent event : events(select)) {
        run = run.after(event);
        last = event.seq();
      }
      return new BusMessage.Stored(run, last);
    }
  }

  private static List<RunEvent> events(PreparedStatement select) throws SQLException {
    List<RunEvent> events = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        events.add(read(rows.getString(1), RunEvent.class));
      }
    }
    return events;
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

  private static <T> T read(String json, Class<T> type) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }
}
