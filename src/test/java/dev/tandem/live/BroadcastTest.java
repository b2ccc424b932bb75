package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients on real sockets: one that doesn't read, and a crowd. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("BroadcastTest")
class BroadcastTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void clientThatReadsNothing_isDropped_andTheOneBesideItGetsEverything() throws Exception {
    Counted source = new Counted(50_000);
    LiveMeters meters = new LiveMeters(registry);
    Broadcast broadcast = new Broadcast(vertx, source, meters, Duration.ofSeconds(2));
    HttpServer server =
        TestServer.await(
            vertx
                .createHttpServer()
                .webSocketHandler(socket -> broadcast.join(socket, 0))
                .listen(0, "127.0.0.1"));
    AtomicLong read = new AtomicLong();
    // Listened to before it is open: what came before that would be lost.
    ClientWebSocket reader = vertx.createWebSocketClient().webSocket();
    reader.textMessageHandler(text -> read.set(Long.parseLong(text.substring(0, 10))));
    TestServer.await(reader.connect(server.actualPort(), "127.0.0.1", "/"));
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(new java.net.InetSocketAddress("127.0.0.1", server.actualPort()));
      deaf.getOutputStream().write(handshake());
      InputStream in = deaf.getInputStream();
      assertEquals('H', in.read());
      long timer =
          vertx.setPeriodic(
              20,
              tick -> {
                source.last++;
                broadcast.changed();
              });
      TestServer.until(() -> registry.counter("tandem.live.dropped").count() == 1);
      vertx.cancelTimer(timer);
      long last = source.last;
      TestServer.until(() -> read.get() >= last);
      assertEquals(1, registry.counter("tandem.live.dropped").count());
    }
  }

  @Test
  void crowd_getsEveryRound() {
    int crowd = 400;
    Counted source = new Counted(10);
    Broadcast broadcast =
        new Broadcast(vertx, source, new LiveMeters(registry), Duration.ofMinutes(1));
    HttpServer server =
        TestServer.await(
            vertx
                .createHttpServer()
                .webSocketHandler(socket -> broadcast.join(socket, 0))
                .listen(0, "127.0.0.1"));
    WebSocketClient client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(crowd));
    AtomicLong read = new AtomicLong();
    for (int i = 0; i < crowd; i++) {
      ClientWebSocket viewer = client.webSocket();
      viewer.textMessageHandler(text -> read.incrementAndGet());
      TestServer.await(viewer.connect(server.actualPort(), "127.0.0.1", "/"));
    }
    TestServer.until(() -> registry.get("tandem.live.clients").gauge().value() == crowd);
    vertx.setPeriodic(
        20,
        tick -> {
          if (source.last < 10) {
            source.last++;
            broadcast.changed();
          }
        });
    TestServer.until(() -> source.last == 10);
    TestServer.until(() -> read.get() == registry.counter("tandem.live.frames").count());
    assertEquals(0, read.get() % crowd, "rounds are for all");
    assertTrue(read.get() >= crowd && read.get() <= 10 * crowd, read.get() + " frames");
  }

  @ParameterizedTest
  @CsvSource({"1, 40", "200, 40", "300, 100", "400, 160", "500, 220", "1000, 520"})
  void roundsForACrowd_areFurtherApart(int clients, long millis) {
    assertEquals(millis, Broadcast.intervalMillis(clients));
  }

  private static byte[] handshake() {
    return ("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Frames of a size: with fifty kilobytes a socket is soon full. */
  private static final class Counted implements Source {
    private final String fill;
    private volatile long last;

    Counted(int size) {
      fill = "x".repeat(size);
    }

    @Override
    public long last() {
      return last;
    }

    @Override
    public Frame after(long cursor) {
      return new Frame(
          "%010d%s".formatted(last, fill).getBytes(StandardCharsets.US_ASCII), last, 1, Double.NaN);
    }
  }
}
