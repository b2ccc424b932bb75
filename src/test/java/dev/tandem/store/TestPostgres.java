package dev.tandem.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** A real PostgreSQL server, started when first needed, which ends with this JVM. */
public final class TestPostgres {
  private static EmbeddedPostgres server;
  private static int databases;

  private TestPostgres() {}

  /** The address of a new database. */
  public static synchronized String emptyDatabase() throws Exception {
    if (server == null) {
      server = EmbeddedPostgres.start();
    }
    String name = "tandem" + ++databases;
    try (Connection connection =
            DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return server.getJdbcUrl("postgres", name);
  }
}
