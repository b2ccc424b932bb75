package dev.tandem.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database, opened and at this program's schema: SQLite in the data directory, or a PostgreSQL
 * server. One connection writes, a few read. Blocks; thread-safe.
 */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final String FILE = "tandem.db";
  private static final int READERS = 4;

  /** A file larger than this is not checked page by page at each start. */
  private static final long CHECKED_BYTES = 256L << 20;

  private final String name;
  private final boolean sqlite;
  private final DirectoryLock lock;
  private final HikariDataSource writer;
  private final HikariDataSource readers;

  private Database(
      String name,
      boolean sqlite,
      DirectoryLock lock,
      HikariDataSource writer,
      HikariDataSource readers) {
    this.name = name;
    this.sqlite = sqlite;
    this.lock = lock;
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens it, and brings its schema up to date.
   *
   * @param directory the data directory, which is locked against other servers
   * @param url of a PostgreSQL server, {@code jdbc:postgresql:…}; empty for SQLite
   */
  static Database open(Path directory, Optional<String> url) throws StoreException {
    return open(directory, url, Duration.ofSeconds(5));
  }

  /**
   * @param patience how long a connection is waited for
   */
  static Database open(Path directory, Optional<String> url, Duration patience)
      throws StoreException {
    DirectoryLock lock = DirectoryLock.take(directory);
    String name = url.map(Database::withoutSecrets).orElse(directory.resolve(FILE).toString());
    String address = url.orElse("jdbc:sqlite:" + directory.resolve(FILE));
    Optional<ServerClaim> claim = url.map(server -> new ServerClaim(server, name));
    Database database = null;
    try {
      if (url.isEmpty()) {
        SqliteLibrary.load();
      }
      database =
          new Database(
              name,
              url.isEmpty(),
              lock,
              new HikariDataSource(writer(address, patience, claim)),
              new HikariDataSource(readers(address, patience)));
      database.checkPages(directory.resolve(FILE));
      database.migrate(address);
      database.prepareSpace(directory.resolve(FILE));
      database.fillListings();
      if (claim.isPresent()) {
        try (Connection connection = database.writing()) {
          claim.get().write(connection);
        }
      }
      return database;
    } catch (SQLException
        | FlywayException
        | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
      close(database, lock);
      throw new StoreException(explain(name, url.isEmpty(), e), e);
    } catch (StoreException | RuntimeException e) {
      close(database, lock);
      throw e;
    }
  }

  Connection writing() throws SQLException {
    try {
      return writer.getConnection();
    } catch (SQLTransientConnectionException e) {
      // The pool says that it took too long; why, those who read it need to know.
      throw new SQLException(explain(name, sqlite, e), e);
    }
  }

  /** Has a writing connection closed rather than used again. */
  void discard(Connection connection) {
    writer.evictConnection(connection);
  }

  Connection reading() throws SQLException {
    try {
      return readers.getConnection();
    } catch (SQLTransientConnectionException e) {
      throw new SQLException(explain(name, sqlite, e), e);
    }
  }

  private static HikariConfig writer(
      String address, Duration patience, Optional<ServerClaim> claim) {
    HikariConfig config = pool(address, "tandem-writer", 1, patience);
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    // Its connection holds the claim: it is not to be replaced for its age.
    config.setMaxLifetime(0);
    if (claim.isPresent()) {
      config.setDataSource(claim.get());
      // Once more after a second: the server may not have noticed yet that the last Tandem is gone.
      config.setInitializationFailTimeout(1500);
    }
    return config;
  }

  private static HikariConfig readers(String address, Duration patience) {
    HikariConfig config = pool(address, "tandem-readers", READERS, patience);
    // Opened on first use: the writer makes the file.
    config.setInitializationFailTimeout(-1);
    config.setMinimumIdle(0);
    return config;
  }

  private static HikariConfig pool(String address, String name, int size, Duration patience) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(patience.toMillis());
    config.setPoolName(name);
    if (address.startsWith("jdbc:sqlite:")) {
      config.addDataSourceProperty("journal_mode", "WAL");
      // A commit that was acknowledged survives a power cut.
      config.addDataSourceProperty("synchronous", "FULL");
      config.addDataSourceProperty("busy_timeout", "5000");
      // What a large deletion has written to the log beside the file is given back too.
      config.addDataSourceProperty("journal_size_limit", "16777216");
    }
    return config;
  }

  private void checkPages(Path file) throws SQLException, StoreException {
    if (!sqlite || file.toFile().length() > CHECKED_BYTES) {
      return;
    }
    try (Connection connection = writing();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (result.next() && !result.getString(1).equals("ok")) {
        throw new StoreException(damaged(name));
      }
    }
  }

  private void fillListings() throws SQLException {
    try (Connection connection = writing()) {
      while (Listings.fill(connection)) {
        connection.commit();
      }
      connection.commit();
    }
  }

  private void prepareSpace(Path file) throws SQLException {
    if (!sqlite) {
      return;
    }
    try (Connection connection = writing()) {
      try {
        Space.prepare(connection, file);
      } catch (SQLException e) {
        LOG.warn("{} keeps its size when runs are deleted: {}", file, e.getMessage());
        discard(connection);
      }
    }
  }

  /**
   * Gives the disk back some of what deleted runs have left, where that is Tandem's to do.
   *
   * @return whether there is more
   */
  boolean giveSpaceBack() throws SQLException {
    if (!sqlite) {
      return false;
    }
    try (Connection connection = writing()) {
      return Space.giveBack(connection);
    }
  }

  private void migrate(String address) throws StoreException {
    Flyway flyway =
        Flyway.configure()
            // Its own connections: it takes two at a time, and the pool that writes has one.
            .dataSource(address, null, null)
            .locations("classpath:dev/tandem/store/migrations")
            .placeholders(
                Map.of(
                    "blob", sqlite ? "BLOB" : "BYTEA",
                    // Sorts by its bytes, as SQLite does, whatever the server's language.
                    "bytewise", sqlite ? "" : " COLLATE \"C\""))
            .load();
    MigrationInfo[] future = flyway.info().applied();
    for (MigrationInfo applied : future) {
      if (applied.getState().name().startsWith("FUTURE")) {
        throw new StoreException(
            "The database %s was written by a newer Tandem (schema %s). Start that one, or choose another with --data-dir."
                .formatted(name, applied.getVersion()));
      }
    }
    flyway.migrate();
  }

  private static String explain(String name, boolean sqlite, Exception failure) {
    String text = causes(failure);
    if (text.contains(ServerClaim.REFUSED)) {
      return text.substring(text.indexOf(ServerClaim.REFUSED)).lines().findFirst().orElseThrow();
    }
    if (sqlite && (text.contains("SQLITE_NOTADB") || text.contains("SQLITE_CORRUPT"))) {
      return damaged(name);
    }
    if (sqlite && (text.contains("SQLITE_READONLY") || text.contains("SQLITE_CANTOPEN"))) {
      return "Tandem can't write to its database %s. Choose another directory with --data-dir."
          .formatted(name);
    }
    if (sqlite && text.contains("SQLITE_FULL")) {
      return "The disk that holds the database %s is full.".formatted(name);
    }
    return "Tandem can't open the database %s: %s".formatted(name, firstLine(failure));
  }

  private static String damaged(String name) {
    return ("The database %s is damaged. Nothing was changed in it. Move it away to start with an"
            + " empty history, or put a backup in its place.")
        .formatted(name);
  }

  private static String causes(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      text.append(at.getMessage()).append('\n');
    }
    return text.toString();
  }

  private static String firstLine(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private static String withoutSecrets(String url) {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }

  private static void close(Database database, DirectoryLock lock) {
    if (database == null) {
      lock.close();
    } else {
      database.close();
    }
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
    lock.close();
  }
}
