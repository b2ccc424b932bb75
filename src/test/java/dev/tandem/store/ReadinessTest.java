package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.Settings;
import dev.tandem.TestServer;
import dev.tandem.web.Access;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** PostgreSQL goes away, as far as the server can tell, and comes back. */
@Execution(ExecutionMode.CONCURRENT)
class ReadinessTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final Set<NetSocket> connections = ConcurrentHashMap.newKeySet();

  @Test
  void serverWithoutItsDatabase_isNotReady_andSaysWhy_untilItIsBack() throws Exception {
    URI real = URI.create(TestPostgres.emptyDatabase().substring("jdbc:".length()));
    NetServer way = open(0, real.getPort());
    int port = way.actualPort();
    String url =
        "jdbc:postgresql://127.0.0.1:%d%s?%s".formatted(port, real.getPath(), real.getQuery());
    try (TestServer server = TestServer.start(on(url))) {
      assertEquals(200, server.get("/health/ready").statusCode());
      TestServer.await(way.close());
      connections.forEach(NetSocket::close);
      // A connection that has just been used is not tried before it is used again.
      TestServer.until(() -> reasons(server).contains("refused"));
      String reasons = reasons(server);
      assertTrue(reasons.startsWith("[\"The database can't be read: "), reasons);
      assertTrue(reasons.contains("//127.0.0.1:" + port), reasons);
      assertFalse(reasons.contains("user="), reasons);
      open(port, real.getPort());
      TestServer.until(() -> server.get("/health/ready").statusCode() == 200);
    } finally {
      TestServer.await(vertx.close());
    }
  }

  private static String reasons(TestServer server) {
    var down = server.get("/health/ready");
    assertEquals(503, down.statusCode());
    assertFalse(down.body().contains("coordinator"), down.body());
    return new JsonObject(down.body()).getJsonArray("reasons").encode();
  }

  /** A way to the database that can be cut. */
  private NetServer open(int port, int to) {
    return TestServer.await(
        vertx
            .createNetServer()
            .connectHandler(
                from -> {
                  connections.add(from);
                  from.pause();
                  vertx
                      .createNetClient()
                      .connect(to, "127.0.0.1")
                      .onSuccess(
                          there -> {
                            there.pipeTo(from);
                            from.pipeTo(there);
                          })
                      .onFailure(failure -> from.close());
                })
            .listen(port, "127.0.0.1"));
  }

  private Settings on(String url) {
    Settings usual =
        TestServer.settings(
            "127.0.0.1", directory, 1, Optional.empty(), List.of(), Access.DEFAULTS);
    return new Settings(
        usual.host(),
        usual.port(),
        usual.dataDir(),
        Optional.of(url),
        usual.keepRuns(),
        usual.resume(),
        usual.workers(),
        usual.activeRuns(),
        usual.backend(),
        usual.datasets(),
        usual.mirrors(),
        usual.access());
  }
}
