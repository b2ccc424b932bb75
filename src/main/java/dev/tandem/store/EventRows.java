package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.RunEvent;
import dev.tandem.run.TrainingEvent.Steps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The rows of events, and those of the runs after them. Writing is for one thread at a time, each
 * {@link #append} followed by {@link #durable} or {@link #unsure}.
 */
final class EventRows {
  private static final String INSERT = "INSERT INTO events (run_id, seq, event) VALUES (?, ?, ?)";

  /** Of events in one answer, about a hundred thousand losses. */
  private static final int PAGE_LETTERS = 1 << 20;

  private static final int FETCHED = 100;

  private final RunRows runs = new RunRows();
  private final LastSeqs lastSeqs = new LastSeqs();
  private final LooseSteps loose = new LooseSteps();
  private Collection<BusMessage.Happened> due = List.of();

  /**
   * @param idempotencyKeys of runs that begin, by their ids
   */
  void append(
      Connection connection, List<BusMessage.Happened> told, Map<String, String> idempotencyKeys)
      throws SQLException {
    List<BusMessage.Happened> news = lastSeqs.unseen(connection, told);
    insert(connection, news);
    for (LooseSteps.Pack pack : loose.take(news)) {
      putTogether(connection, pack);
    }
    due = runs.due(news);
    writeRuns(connection, idempotencyKeys);
  }

  /** What was appended is durable. */
  void durable(List<BusMessage.Happened> told) {
    runs.written(due);
    lastSeqs.durable(told);
  }

  /** Whether it is durable is not known: the database is asked the next time. */
  void unsure(List<BusMessage.Happened> told) {
    loose.forget(told);
    lastSeqs.forget(told);
  }

  /** A run is no more. */
  void forget(String runId) {
    runs.forget(runId);
    lastSeqs.forget(runId);
    loose.forget(runId);
  }

  private static void insert(Connection connection, List<BusMessage.Happened> news)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (BusMessage.Happened happened : news) {
        set(insert, happened.run().id(), kept(happened.event()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Durations of single steps are measured once, when they are told. */
  private static RunEvent kept(RunEvent event) {
    return event instanceof Steps steps ? steps.withoutSeconds() : event;
  }

  /** One row in place of several. */
  private static void putTogether(Connection connection, LooseSteps.Pack pack) throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM events WHERE run_id = ? AND seq = ?");
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Steps steps : pack.events()) {
        delete.setString(1, pack.runId());
        delete.setLong(2, steps.seq());
        delete.addBatch();
      }
      delete.executeBatch();
      set(insert, pack.runId(), Steps.together(pack.events()));
      insert.executeUpdate();
    }
  }

  private static void set(PreparedStatement insert, String runId, RunEvent event)
      throws SQLException {
    insert.setString(1, runId);
    insert.setLong(2, event.seq());
    insert.setString(3, Json.text(event));
  }

  private void writeRuns(Connection connection, Map<String, String> idempotencyKeys)
      throws SQLException {
    try (PreparedStatement upsert =
            connection.prepareStatement(
                "INSERT INTO runs (id, ended, last_seq, run, idempotency_key) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (id) DO UPDATE SET ended = excluded.ended,"
                    + " last_seq = excluded.last_seq, run = excluded.run");
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM checkpoints WHERE run_id = ?")) {
      for (BusMessage.Happened happened : due) {
        boolean ended = happened.run().status().hasEnded();
        upsert.setString(1, happened.run().id());
        upsert.setInt(2, ended ? 1 : 0);
        upsert.setLong(3, happened.event().seq());
        upsert.setString(4, Json.text(happened.run()));
        upsert.setString(5, idempotencyKeys.get(happened.run().id()));
        upsert.addBatch();
        if (ended) {
          delete.setString(1, happened.run().id());
          delete.addBatch();
        }
      }
      upsert.executeBatch();
      delete.executeBatch();
    }
    Listings.put(connection, due.stream().map(BusMessage.Happened::run).toList());
  }

  /** A run's events after a number: at most so many, fewer where they are long. */
  static List<RunEvent> read(Connection connection, String runId, long after, int limit)
      throws SQLException {
    // Otherwise PostgreSQL's driver reads all rows before it gives the first.
    connection.setAutoCommit(false);
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT event FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?")) {
      select.setString(1, runId);
      select.setLong(2, after);
      select.setInt(3, limit);
      select.setFetchSize(FETCHED);
      return RunRows.events(select, PAGE_LETTERS);
    }
  }
}
