package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
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

/** Clients on real sockets: one that doesn't read, and a crowd. */
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
    Broadcast broadcast = new Broadcast(vertx, source, meters, Duration.ofMillis(300));
    HttpServer server =
        TestServer.await(
            vertx
                .createHttpServer()
                .webSocketHandler(socket -> broadcast.join(socket, 0))
                .listen(0, "127.0.0.1"));
    AtomicLong read = new AtomicLong();
    TestServer.await(
        vertx
            .createWebSocketClient()
            .connect(server.actualPort(), "127.0.0.1", "/")
            .onSuccess(
                socket ->
                    socket.textMessageHandler(
                        text -> read.set(Long.parseLong(text.substring(0, 10))))));
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
      assertTrue(registry.counter("tandem.live.dropped").count() == 1);
    }
  }

  @Test
  void roundsForACrowd_areFurtherApart() {
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
      TestServer.await(
          client
              .connect(server.actualPort(), "127.0.0.1", "/")
              .onSuccess(socket -> socket.textMessageHandler(text -> read.incrementAndGet())));
    }
    TestServer.until(() -> registry.get("tandem.live.clients").gauge().value() == crowd);
    long began = System.nanoTime();
    long timer =
        vertx.setPeriodic(
            20,
            tick -> {
              source.last++;
              broadcast.changed();
            });
    TestServer.until(() -> source.last >= 60);
    vertx.cancelTimer(timer);
    double seconds = (System.nanoTime() - began) / 1e9;
    double rounds = registry.counter("tandem.live.frames").count() / crowd;
    assertTrue(rounds >= 1 && rounds <= seconds / 0.16 + 1, rounds + " rounds in " + seconds);
    TestServer.until(() -> read.get() == registry.counter("tandem.live.frames").count());
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
