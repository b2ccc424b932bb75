package dev.tandem.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to a PostgreSQL database that one Tandem alone may write to. Each holds the
 * database's advisory lock for as long as it lives: when it is lost, the lock is lost with it, and
 * the next one is had only with the lock. If another Tandem had it meanwhile, there is none any
 * more: that one has gone on with the same runs. Thread-safe.
 */
final class ServerClaim extends PGSimpleDataSource {
  /** What those who are refused are told begins with it. */
  static final String REFUSED = "Another Tandem ";

  private static final long serialVersionUID = 1;
  private static final String LOCK = "SELECT pg_try_advisory_lock(7483651)";
  private static final String STILL_OURS = "SELECT server = '%s' FROM owner";

  private final String name;
  private final String self = UUID.randomUUID().toString();
  private volatile boolean written;

  /**
   * @param address a {@code jdbc:postgresql:} one
   * @param name the database's, for people
   */
  ServerClaim(String address, String name) {
    setURL(address);
    this.name = name;
  }

  /** Writes down whose the database is, once its schema is there. */
  void write(Connection connection) throws SQLException {
    try (Statement delete = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO owner (server) VALUES (?)")) {
      delete.executeUpdate("DELETE FROM owner");
      insert.setString(1, self);
      insert.executeUpdate();
      connection.commit();
      written = true;
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    try (Statement statement = connection.createStatement()) {
      if (!isTrue(statement, LOCK)) {
        throw new SQLException(REFUSED + "uses the database " + name + ".");
      }
      if (written && !isTrue(statement, STILL_OURS.formatted(self))) {
        throw new SQLException(
            REFUSED
                + "has used the database "
                + name
                + " since this one lost its connection. Restart this one to go on from there.");
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static boolean isTrue(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
