package dev.tandem.store;

import dev.tandem.run.BusMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The number of the last event that is kept of each run, so that events that are appended once
 * more, after an answer that got lost, are not kept twice. Used by one thread at a time.
 */
final class LastSeqs {
  /** Of the runs that go on; of others the database is asked. */
  private final Map<String, Long> known = new HashMap<>();

  /** Those of the events that are not kept yet. */
  List<BusMessage.Happened> unseen(Connection connection, List<BusMessage.Happened> told)
      throws SQLException {
    List<BusMessage.Happened> unseen = new ArrayList<>();
    Map<String, Long> last = new HashMap<>();
    for (BusMessage.Happened happened : told) {
      String id = happened.run().id();
      if (!last.containsKey(id)) {
        last.put(id, known.containsKey(id) ? known.get(id) : ask(connection, id));
      }
      if (happened.event().seq() > last.get(id)) {
        last.put(id, happened.event().seq());
        unseen.add(happened);
      }
    }
    return unseen;
  }

  private static long ask(Connection connection, String id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT MAX(seq) FROM events WHERE run_id = ?")) {
      select.setString(1, id);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /** These are durable. */
  void durable(List<BusMessage.Happened> told) {
    for (BusMessage.Happened happened : told) {
      if (happened.run().status().hasEnded()) {
        known.remove(happened.run().id());
      } else {
        known.merge(happened.run().id(), happened.event().seq(), Math::max);
      }
    }
  }

  /** It is not known whether these are durable. */
  void forget(List<BusMessage.Happened> told) {
    told.forEach(happened -> forget(happened.run().id()));
  }

  void forget(String runId) {
    known.remove(runId);
  }
}
