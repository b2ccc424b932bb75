package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunQuery.Order;
import dev.tandem.run.RunQuery.Place;
import dev.tandem.run.RunStatus;
import dev.tandem.store.Search.Condition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The {@link Listing}s of all runs, and what is found by them. Blocks; thread-safe. */
final class Listings {
  private static final int FILLED_AT_ONCE = 200;
  private static final Map<Order, String> COLUMNS =
      Map.of(Order.TIME, "run_id", Order.NAME, "name", Order.ACCURACY, "accuracy");

  private Listings() {}

  /** Lists runs as they are now. */
  static void put(Connection connection, Collection<Run> runs) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO listing (run_id, status, name, accuracy, shown, settings)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET"
                + " status = excluded.status, name = excluded.name,"
                + " accuracy = excluded.accuracy, shown = excluded.shown,"
                + " settings = excluded.settings")) {
      for (Run run : runs) {
        Listing of = Listing.of(run);
        bind(
            upsert,
            List.of(of.id(), of.status(), of.name(), of.accuracy(), of.shown(), of.settings()));
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  static void delete(Connection connection, String runId) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM listing WHERE run_id = ?")) {
      delete.setString(1, runId);
      delete.executeUpdate();
    }
  }

  /**
   * Lists some of the runs that are not listed yet, as those of the Tandem before this one.
   *
   * @return whether there are more
   */
  static boolean fill(Connection connection) throws SQLException {
    List<Run> runs = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + RunRows.COLUMNS
                + " FROM runs WHERE NOT EXISTS"
                + " (SELECT 1 FROM listing WHERE run_id = runs.id) LIMIT ?")) {
      select.setInt(1, FILLED_AT_ONCE);
      RunRows.read(connection, select).forEach(stored -> runs.add(stored.run()));
    }
    put(connection, runs);
    return runs.size() == FILLED_AT_ONCE;
  }

  static BusMessage.ManyRuns find(Connection connection, RunQuery query) throws SQLException {
    List<Condition> wanted = new ArrayList<>(Search.conditions(query.search()));
    if (!query.statuses().isEmpty()) {
      wanted.add(
          new Condition(
              "status IN " + places(query.statuses().size()),
              query.statuses().stream().map(RunStatus::label).toList()));
    }
    int total = count(connection, List.of());
    int found = wanted.isEmpty() ? total : count(connection, wanted);
    if (query.after() != null) {
      wanted.add(after(query));
    }
    List<Place> page = page(connection, query, wanted);
    List<Run> runs = runs(connection, page.stream().limit(query.limit()).map(Place::id).toList());
    boolean more = page.size() > query.limit();
    Place last = more ? page.get(query.limit() - 1) : null;
    return new BusMessage.ManyRuns(runs, found, total, last);
  }

  private static Condition after(RunQuery query) {
    String beyond = query.ascending() ? ">" : "<";
    Place place = query.after();
    if (query.order() == Order.TIME) {
      return new Condition("run_id " + beyond + " ?", List.of(place.id()));
    }
    String column = COLUMNS.get(query.order());
    Object key =
        query.order() == Order.ACCURACY ? Double.valueOf(place.key()) : (Object) place.key();
    return new Condition(
        "(%1$s %2$s ? OR %1$s = ? AND run_id %2$s ?)".formatted(column, beyond),
        List.of(key, key, place.id()));
  }

  private static int count(Connection connection, List<Condition> wanted) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT COUNT(*) FROM listing" + where(wanted))) {
      bind(select, values(wanted));
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** The places of a page's runs, and of one more if there is one. */
  private static List<Place> page(Connection connection, RunQuery query, List<Condition> wanted)
      throws SQLException {
    String column = COLUMNS.get(query.order());
    String way = query.ascending() ? " ASC" : " DESC";
    String order = query.order() == Order.TIME ? "run_id" + way : column + way + ", run_id" + way;
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT run_id, "
                + column
                + " FROM listing"
                + where(wanted)
                + " ORDER BY "
                + order
                + " LIMIT ?")) {
      List<Object> values = values(wanted);
      values.add(query.limit() + 1);
      bind(select, values);
      List<Place> page = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          String key =
              switch (query.order()) {
                case TIME -> null;
                case NAME -> rows.getString(2);
                case ACCURACY -> String.valueOf(rows.getDouble(2));
              };
          page.add(new Place(key, rows.getString(1)));
        }
      }
      return page;
    }
  }

  private static List<Run> runs(Connection connection, List<String> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<String, Run> runs = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + RunRows.COLUMNS + " FROM runs WHERE id IN " + places(ids.size()))) {
      bind(select, ids);
      RunRows.read(connection, select).forEach(found -> runs.put(found.run().id(), found.run()));
    }
    // One may have been deleted since.
    return ids.stream().map(runs::get).filter(java.util.Objects::nonNull).toList();
  }

  private static String where(List<Condition> wanted) {
    return wanted.isEmpty()
        ? ""
        : wanted.stream().map(Condition::sql).collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  private static List<Object> values(List<Condition> wanted) {
    List<Object> values = new ArrayList<>();
    wanted.forEach(condition -> values.addAll(condition.values()));
    return values;
  }

  private static String places(int count) {
    return "(" + String.join(", ", Collections.nCopies(count, "?")) + ")";
  }

  private static void bind(PreparedStatement statement, List<?> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }
}
