package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.StoreMessage;
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
 * What a run was when its row was last written. The row of one that goes on is written when a
 * status changes, otherwise once a second; who reads it adds the events since. Thread-safe.
 */
final class RunRows {
  static final String COLUMNS = "ended, last_seq, run";
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** When each row was written, of the runs that go on. */
  private final Map<String, Long> written = new ConcurrentHashMap<>();

  /** The last event of each run whose row is to be written now. */
  Collection<BusMessage.Happened> due(List<BusMessage.Happened> news) {
    Map<String, BusMessage.Happened> newest = new LinkedHashMap<>();
    Set<String> changed = new HashSet<>();
    for (BusMessage.Happened happened : news) {
      newest.put(happened.run().id(), happened);
      if (happened.event().changesStanding()) {
        changed.add(happened.run().id());
      }
    }
    newest.keySet().removeIf(id -> !changed.contains(id) && isRowFresh(id));
    return newest.values();
  }

  private boolean isRowFresh(String id) {
    Long at = written.get(id);
    return at != null && System.nanoTime() - at < INTERVAL_NANOS;
  }

  /** These have been written, and are durable. */
  void written(Collection<BusMessage.Happened> rows) {
    for (BusMessage.Happened row : rows) {
      if (row.run().status().hasEnded()) {
        written.remove(row.run().id());
      } else {
        written.put(row.run().id(), System.nanoTime());
      }
    }
  }

  void forget(String id) {
    written.remove(id);
  }

  /** Rows of {@link #COLUMNS}, with what has happened since they were written. */
  static List<StoreMessage.Stored> read(Connection connection, PreparedStatement select)
      throws SQLException {
    List<StoreMessage.Stored> runs = new ArrayList<>();
    List<StoreMessage.Stored> goOn = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        var row = new StoreMessage.Stored(read(rows.getString(3), Run.class), rows.getLong(2));
        runs.add(row);
        if (rows.getInt(1) == 0) {
          goOn.add(row);
        }
      }
    }
    for (StoreMessage.Stored row : goOn) {
      runs.set(runs.indexOf(row), upToDate(connection, row));
    }
    return runs;
  }

  private static StoreMessage.Stored upToDate(Connection connection, StoreMessage.Stored row)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT event FROM events WHERE run_id = ? AND seq > ? ORDER BY seq")) {
      select.setString(1, row.run().id());
      select.setLong(2, row.lastSeq());
      Run run = row.run();
      long last = row.lastSeq();
      for (RunEvent event : events(select, Integer.MAX_VALUE)) {
        run = run.after(event);
        last = event.seq();
      }
      return new StoreMessage.Stored(run, last);
    }
  }

  /**
   * Rows of {@code event}, the first in any case.
   *
   * @param letters of those that follow, together with it
   */
  static List<RunEvent> events(PreparedStatement select, int letters) throws SQLException {
    List<RunEvent> events = new ArrayList<>();
    long read = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (read < letters && rows.next()) {
        String event = rows.getString(1);
        read += event.length();
        events.add(read(event, RunEvent.class));
      }
    }
    return events;
  }

  private static <T> T read(String json, Class<T> type) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), type);
  }
}
