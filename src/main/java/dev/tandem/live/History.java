package dev.tandem.live;

import dev.tandem.run.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.List;

/**
 * Sends what a reader passes to one client, frame by frame: the next one is made, off the event
 * loop, when the last one has left. A client that takes nothing for too long is dropped. Lives on
 * one event loop.
 */
final class History {
  private final Vertx vertx;
  private final WorkerExecutor encoders;
  private final EventReader reader;
  private final LiveMeters meters;
  private final Duration patience;
  private final Promise<Long> sent = Promise.promise();
  private ServerWebSocket socket;

  History(
      Vertx vertx,
      WorkerExecutor encoders,
      EventReader reader,
      LiveMeters meters,
      Duration patience) {
    this.vertx = vertx;
    this.encoders = encoders;
    this.reader = reader;
    this.meters = meters;
    this.patience = patience;
  }

  /** Completes with the number of the last event; fails when the client has gone. */
  Future<Long> sendTo(ServerWebSocket client) {
    socket = client;
    next();
    return sent.future();
  }

  private void next() {
    encoders
        .executeBlocking(this::frame, false)
        .onSuccess(this::send)
        .onFailure(
            failure -> {
              socket.close((short) 1011, "The server made a mistake.");
              sent.fail(failure);
            });
  }

  /** Null after the last. */
  private Frame frame() {
    List<Object> events = List.of();
    while (events.isEmpty() && reader.hasNext()) {
      events = reader.next();
    }
    return events.isEmpty()
        ? null
        : new Frame(Json.write(events), reader.cursor(), events.size(), Double.NaN);
  }

  private void send(Frame frame) {
    if (frame == null) {
      sent.complete(reader.cursor());
      return;
    }
    meters.sent(frame);
    long tooLong = vertx.setTimer(patience.toMillis(), passed -> drop());
    socket
        .writeTextMessage(frame.text())
        .onComplete(written -> vertx.cancelTimer(tooLong))
        .onSuccess(written -> next())
        .onFailure(sent::fail);
  }

  private void drop() {
    meters.dropped();
    socket.close(Broadcast.TOO_SLOW, Broadcast.TOO_SLOW_WORDS);
  }
}
