package dev.tandem.web;

import dev.tandem.web.Refusals.Reason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many connections are open, and how long each may take: a client that sends its request
 * byte by byte, or none, is cut off. WebSockets have {@link Viewers} to look after them. Lives on
 * one event loop.
 */
final class Connections {
  private static final int RETRY_SECONDS = 5;

  /** Beyond the bound so many more get an answer that says so; the rest are closed at once. */
  private static final int ANSWERED_BEYOND = 64;

  private final Map<HttpConnection, Peer> peers = new HashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final int most;
  private final Patience patience;
  private final Refusals refusals;

  Connections(int most, Patience patience, MeterRegistry registry, Refusals refusals) {
    this.most = most;
    this.patience = patience;
    this.refusals = refusals;
    Gauge.builder("tandem.web.connections", open, AtomicInteger::get)
        .description("Open connections, WebSockets included.")
        .strongReference(true)
        .register(registry);
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(patience.round(), round -> cutOff(System.nanoTime()));
  }

  void opened(HttpConnection connection) {
    int beyond = open.incrementAndGet() - most;
    peers.put(connection, new Peer(beyond > 0, System.nanoTime()));
    connection.closeHandler(closed -> left(connection));
    if (beyond > ANSWERED_BEYOND) {
      refusals.count(Reason.CONNECTIONS);
      connection.close();
    }
  }

  /** The first to see each request. */
  void asked(RoutingContext context) {
    HttpServerRequest request = context.request();
    Peer peer = peers.get(request.connection());
    if (peer == null) {
      context.next();
      return;
    }
    peer.asks(request, System.nanoTime());
    // Who looks after the server must not take a full one for a dead one.
    if (peer.beyond && !context.normalizedPath().startsWith("/health/")) {
      refusals.count(Reason.CONNECTIONS);
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
      Problem.unavailable("%,d connections are open already.".formatted(most))
          .answer(context, RETRY_SECONDS);
      return;
    }
    context.next();
  }

  /** It is a WebSocket now; what is returned is to be called when that has closed. */
  Runnable upgraded(HttpConnection connection) {
    return peers.remove(connection) == null ? () -> {} : open::decrementAndGet;
  }

  private void left(HttpConnection connection) {
    if (peers.remove(connection) != null) {
      open.decrementAndGet();
    }
  }

  private void cutOff(long now) {
    for (Map.Entry<HttpConnection, Peer> entry : List.copyOf(peers.entrySet())) {
      Peer peer = entry.getValue();
      if (!peer.cutOff && peer.waitsTooLong(patience, now)) {
        peer.cutOff = true;
        if (!peer.rests()) {
          refusals.count(Reason.SLOW);
        }
        entry.getKey().close();
      }
    }
  }

  /** How far a connection is with its newest request. */
  private static final class Peer {
    private final boolean beyond;
    private HttpServerRequest request;
    private boolean answered;
    private boolean cutOff;
    private long since;

    Peer(boolean beyond, long now) {
      this.beyond = beyond;
      this.since = now;
    }

    void asks(HttpServerRequest asked, long now) {
      request = asked;
      answered = false;
      since = now;
    }

    /** Between requests, as far as can be told. */
    boolean rests() {
      return request != null && request.isEnded() && request.response().ended();
    }

    boolean waitsTooLong(Patience patience, long now) {
      if (rests() && !answered) {
        answered = true;
        since = now;
      }
      return (now - since) / 1_000_000 > limit(patience);
    }

    private long limit(Patience patience) {
      if (request == null) {
        return patience.head();
      }
      if (!request.isEnded()) {
        return patience.body();
      }
      return answered ? patience.rest(request.response().bytesWritten()) : patience.answer();
    }
  }
}
