package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deleted runs leave on the disk. */
class SpaceTest {
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    BusMessageCodec.register(vertx);
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void deletedRun_givesTheDiskBack() throws Exception {
    Database.open(directory, Optional.empty()).close();
    fill("r1", 12);
    long full = size();
    assertTrue(full > 12 * MEGABYTE, full + " bytes");

    serve();
    TestServer.await(vertx.eventBus().request(Addresses.STORE_DELETE, new BusMessage.ForRun("r1")));

    TestServer.until(() -> size() < 4 * MEGABYTE);
  }

  @Test
  void fileOfAnEarlierTandem_givesTheDiskBackToo_andLosesNothing() throws Exception {
    Files.createDirectories(directory);
    Flyway.configure()
        .dataSource(address(), null, null)
        .locations("classpath:dev/tandem/store/migrations")
        .placeholders(Map.of("blob", "BLOB", "bytewise", ""))
        .target("3")
        .load()
        .migrate();
    fill("r1", 12);
    fill("r2", 6);
    // As the last one left it: deleted, and as large as before.
    delete("r1");
    assertTrue(size() > 18 * MEGABYTE, size() + " bytes");

    serve();

    assertTrue(size() < 10 * MEGABYTE, size() + " bytes");
    assertEquals(6, count("r2"));
    TestServer.await(vertx.eventBus().request(Addresses.STORE_DELETE, new BusMessage.ForRun("r2")));
    TestServer.until(() -> size() < 4 * MEGABYTE);
  }

  private void serve() {
    TestServer.await(
        vertx.deployVerticle(
            new StoreVerticle(directory, Optional.empty(), 100, new SimpleMeterRegistry())));
  }

  /** Models of a run that has no row: they are all that takes room. */
  private void fill(String run, int megabytes) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO models (run_id, variant, repeat, state) VALUES (?, 'none', ?, ?)")) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= megabytes; i++) {
        insert.setString(1, run);
        insert.setInt(2, i);
        insert.setBytes(3, new byte[(int) MEGABYTE]);
        insert.executeUpdate();
      }
      connection.commit();
    }
  }

  private void delete(String run) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM models WHERE run_id = '" + run + "'");
    }
  }

  private int count(String run) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT COUNT(*) FROM models WHERE run_id = '" + run + "'")) {
      return rows.getInt(1);
    }
  }

  private String address() {
    return "jdbc:sqlite:" + directory.resolve("tandem.db");
  }

  /** Of the database with its log. */
  private long size() {
    return length("tandem.db") + length("tandem.db-wal");
  }

  private long length(String file) {
    return directory.resolve(file).toFile().length();
  }
}
