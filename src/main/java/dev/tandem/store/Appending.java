package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.Steps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Events, and the rows of the runs after them, written in one transaction. Blocks. */
final class Appending {
  private final Connection connection;
  private final RunRows runRows;

  Appending(Connection connection, RunRows runRows) {
    this.connection = connection;
    this.runRows = runRows;
  }

  /** Answers with the last events of the runs whose rows were written. */
  Collection<BusMessage.Happened> append(BusMessage.Append asked) throws SQLException {
    List<BusMessage.Happened> news = ofKeptRuns(asked.news());
    Collection<BusMessage.Happened> rows = runRows.due(news);
    events(news);
    rows(rows, asked.idempotencyKeys());
    for (BusMessage.Happened happened : rows) {
      if (happened.run().status().hasEnded()) {
        RunStore.delete(connection, "checkpoints", happened.run().id());
      }
    }
    return rows;
  }

  private void events(List<BusMessage.Happened> news) throws SQLException {
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
  }

  private void rows(Collection<BusMessage.Happened> rows, Map<String, String> idempotencyKeys)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO runs (id, ended, last_seq, run, idempotency_key) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET ended = excluded.ended,"
                + " last_seq = excluded.last_seq, run = excluded.run")) {
      for (BusMessage.Happened happened : rows) {
        upsert.setString(1, happened.run().id());
        upsert.setInt(2, happened.run().status().hasEnded() ? 1 : 0);
        upsert.setLong(3, happened.event().seq());
        upsert.setString(4, Json.text(happened.run()));
        upsert.setString(5, idempotencyKeys.get(happened.run().id()));
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  /** Durations of single steps are measured once, when they are told. */
  private static RunEvent kept(RunEvent event) {
    return event instanceof Steps steps ? steps.withoutSeconds() : event;
  }

  /**
   * A label may come for an ended run that has been forgotten meanwhile: it is not to bring it
   * back.
   */
  private List<BusMessage.Happened> ofKeptRuns(List<BusMessage.Happened> told) throws SQLException {
    Set<String> begun = new HashSet<>();
    List<BusMessage.Happened> kept = new ArrayList<>();
    for (BusMessage.Happened happened : told) {
      Run run = happened.run();
      boolean late = happened.event() instanceof RunEvent.Label && run.status().hasEnded();
      if (!late || begun.contains(run.id()) || RunStore.run(connection, run.id()) != null) {
        begun.add(run.id());
        kept.add(happened);
      }
    }
    return kept;
  }
}
