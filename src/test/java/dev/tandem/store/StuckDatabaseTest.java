package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.coordinator.RunCoordinator;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Limits;
import dev.tandem.run.Normalization;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real database that somebody else has locked: what was refused meanwhile is not there later. */
class StuckDatabaseTest {
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(List.of(new Variant("a", Map.of("normalization", Normalization.NONE))))
          .build();

  @TempDir Path directory;

  private enum Kind {
    SQLITE("BEGIN IMMEDIATE"),
    POSTGRESQL("BEGIN; LOCK TABLE events, runs IN SHARE ROW EXCLUSIVE MODE");

    private final String lock;

    Kind(String lock) {
      this.lock = lock;
    }
  }

  @ParameterizedTest
  @EnumSource
  void run_thatWasRefused_isNotThere_whenTheDatabaseIsFreeAgain(Kind kind) throws Exception {
    Optional<String> url =
        kind == Kind.SQLITE ? Optional.empty() : Optional.of(TestPostgres.emptyDatabase());
    Vertx vertx = Vertx.vertx();
    try {
      BusMessageCodec.register(vertx);
      AtomicReference<String> state = new AtomicReference<>();
      vertx
          .eventBus()
          .<StoreMessage.StoreState>consumer(
              Addresses.STORE_STATE, told -> state.set(told.body().reason()));
      TestServer.await(
          vertx.deployVerticle(new StoreVerticle(directory, url, 10, new SimpleMeterRegistry())));
      TestServer.await(
          vertx.deployVerticle(new RunCoordinator(new Limits(1, 1), Clock.systemUTC(), 300)));
      Runs runs = new Runs(vertx);
      try (Connection other =
          DriverManager.getConnection(
              url.orElse("jdbc:sqlite:" + directory.resolve("tandem.db")))) {
        try (Statement statement = other.createStatement()) {
          statement.execute(kind.lock);
          for (String key : new String[] {null, "key"}) {
            Throwable refused = failure(runs.submit(SETTINGS, key));
            assertEquals(Refusal.NO_ROOM, Refusal.of(refused), refused::toString);
          }
          assertNotNull(state.get());
          statement.execute("ROLLBACK");
        }
        // Behind all that was on its way to the database.
        Run next = TestServer.await(runs.submit(SETTINGS, "key"));
        assertEquals(next.id(), TestServer.await(runs.submit(SETTINGS, "key")).id());
        assertEquals(List.of(next.id()), ids(other));
        TestServer.until(() -> state.get() == null);
      }
    } finally {
      TestServer.await(vertx.close());
    }
  }

  private static List<String> ids(Connection connection) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id FROM runs UNION SELECT run_id FROM events ORDER BY 1")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    assertTrue(!ids.isEmpty());
    return ids;
  }

  private static Throwable failure(Future<?> future) {
    return TestServer.await(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("should have failed")));
  }
}
