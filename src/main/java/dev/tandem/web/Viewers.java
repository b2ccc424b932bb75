package dev.tandem.web;

import dev.tandem.web.Refusals.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens WebSockets, up to a bound, and pings them: so a quiet one is told from a dead one. Lives on
 * one event loop.
 */
final class Viewers {
  private static final int RETRY_SECONDS = 5;
  private static final short POLICY_VIOLATION = 1008;

  /** Frames from a client between two pings; it has nothing to say but pongs. */
  private static final int FRAMES = 100;

  private final List<Viewer> viewers = new ArrayList<>();
  private final int most;
  private final Patience patience;
  private final Connections connections;
  private final TokenGuard guard;
  private final Refusals refusals;
  private int opening;

  Viewers(
      int most, Patience patience, Connections connections, TokenGuard guard, Refusals refusals) {
    this.most = most;
    this.patience = patience;
    this.connections = connections;
    this.guard = guard;
    this.refusals = refusals;
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(patience.ping(), round -> List.copyOf(viewers).forEach(Viewer::ping));
    vertx.setPeriodic(patience.round(), round -> forgetClosed());
  }

  /** Lets by who may open a WebSocket, or answers why not. */
  void admit(RoutingContext context) {
    // First, so that who asks without an upgrade learns whether one would be refused here or on the
    // way.
    if (!hasRoom(context)) {
      return;
    }
    if ("websocket".equalsIgnoreCase(context.request().getHeader(HttpHeaders.UPGRADE))) {
      context.next();
    } else {
      context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      Problem.of(426, "Upgrade required", "This address speaks WebSocket.").answer(context);
    }
  }

  private boolean hasRoom(RoutingContext context) {
    forgetClosed();
    if (viewers.size() + opening < most) {
      return true;
    }
    refusals.count(Reason.VIEWERS);
    context.request().resume();
    Problem.unavailable("%,d viewers follow already.".formatted(most))
        .answer(context, RETRY_SECONDS);
    return false;
  }

  /** Turns an admitted request into a WebSocket, if there is still room. */
  void open(RoutingContext context, Consumer<ServerWebSocket> joined) {
    if (!hasRoom(context)) {
      return;
    }
    HttpServerRequest request = context.request();
    BooleanSupplier allowed = guard.lasting(request);
    opening++;
    request
        .toWebSocket()
        .onComplete(
            opened -> {
              opening--;
              // A failed handshake has been answered by then.
              if (opened.succeeded()) {
                Runnable left = connections.upgraded(request.connection());
                viewers.add(new Viewer(opened.result(), allowed, left));
                joined.accept(opened.result());
              }
            });
  }

  /** Looked up, not told: a socket's one close handler belongs to those who write to it. */
  private void forgetClosed() {
    viewers.removeIf(Viewer::hasLeft);
  }

  private final class Viewer {
    private final ServerWebSocket socket;
    private final BooleanSupplier allowed;
    private final Runnable left;
    private long heard = System.nanoTime();
    private int frames;

    Viewer(ServerWebSocket socket, BooleanSupplier allowed, Runnable left) {
      this.socket = socket;
      this.allowed = allowed;
      this.left = left;
      socket.pongHandler(pong -> heard = System.nanoTime());
      socket.frameHandler(this::said);
    }

    private void said(WebSocketFrame frame) {
      boolean talks = frame.isText() || frame.isBinary() || frame.isContinuation();
      if (talks || ++frames > FRAMES) {
        frames = 0;
        close(Reason.MALFORMED, "There is nothing to say here.");
      }
    }

    void ping() {
      frames = 0;
      if (socket.isClosed()) {
        return;
      }
      if (!allowed.getAsBoolean()) {
        close(Reason.TOKEN, "Sign in again.");
      } else if ((System.nanoTime() - heard) / 1_000_000 > patience.pong()) {
        close(Reason.SLOW, "No answer to pings.");
      } else if (!socket.writeQueueFull()) {
        socket.writePing(Buffer.buffer());
      }
    }

    private void close(Reason reason, String words) {
      refusals.count(reason);
      socket.close(POLICY_VIOLATION, words);
    }

    boolean hasLeft() {
      boolean closed = socket.isClosed();
      if (closed) {
        left.run();
      }
      return closed;
    }
  }
}
