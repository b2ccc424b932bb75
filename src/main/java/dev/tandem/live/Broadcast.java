package dev.tandem.live;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Sends a source's news to its clients, each from its own cursor, in rounds at least {@value
 * #INTERVAL_MILLIS} ms apart; with more than {@value #CROWD} clients they are further apart, and
 * frames fewer and larger, so that a crowd doesn't take the processor from the trainings. Clients
 * at the same cursor get the same frame. A client whose socket is full is passed over until it has
 * drained, and then gets all that it missed, merged: nobody waits for it, and nothing is queued for
 * it. One that takes nothing at all for too long is dropped; it may come back to where it was.
 * Lives on one event loop.
 */
final class Broadcast {
  private static final long INTERVAL_MILLIS = 40;

  private static final int CROWD = 200;

  /** Milliseconds that each client beyond a crowd puts between two rounds. */
  private static final double CROWDED_MILLIS = 0.6;

  /** Try again later: the code for a client that reads too slowly. */
  static final short TOO_SLOW = 1013;

  private static final short ENDED = 1000;

  static final String TOO_SLOW_WORDS =
      "You read too slowly. Come back with after= the last event's seq.";

  /** Between two rounds in which someone has more than a frame to catch up with. */
  private static final long CATCH_UP_MILLIS = 10;

  /** So long does a round hold the event loop at a time. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Frames that a round keeps for those who come at the same cursor. */
  private static final int FRAMES = 8;

  private final Vertx vertx;
  private final Source source;
  private final LiveMeters meters;
  private final Duration patience;
  private final List<Client> clients = new ArrayList<>();
  private long lastRound = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);

  /** Whether a round is to come, or is going on. */
  private boolean scheduled;

  /** Whether there was more for somebody in the last round than fits in a frame. */
  private boolean catchesUp;

  /** Why there will be no more; null while there may be. */
  private String ended;

  /** What the one who joined last got first: when many join at once, it is the same for all. */
  private Frame first;

  private long firstAfter;
  private long firstUpTo;

  /**
   * @param patience how long a client may take nothing while there is something for it
   */
  Broadcast(Vertx vertx, Source source, LiveMeters meters, Duration patience) {
    this.vertx = vertx;
    this.source = source;
    this.meters = meters;
    this.patience = patience;
  }

  /** Sends everything after {@code cursor}, and whatever comes, until the socket closes. */
  void join(ServerWebSocket socket, long cursor) {
    if (ended != null) {
      socket.close(ENDED, ended);
    }
    if (socket.isClosed()) {
      return;
    }
    Client client = new Client(socket, cursor);
    clients.add(client);
    meters.joined();
    socket.closeHandler(
        closed -> {
          clients.remove(client);
          meters.left();
          if (clients.isEmpty()) {
            first = null;
          }
        });
    socket.drainHandler(
        drained -> {
          client.stalled = false;
          changed();
        });
    client.advance(this::first);
    changed();
  }

  /** There is news, or a client can take more. */
  void changed() {
    if (scheduled || clients.isEmpty()) {
      return;
    }
    long interval = catchesUp ? CATCH_UP_MILLIS : intervalMillis(clients.size());
    long wait = interval - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastRound);
    scheduled = true;
    if (wait <= 0) {
      round();
    } else {
      vertx.setTimer(wait, fired -> round());
    }
  }

  /** At least so long after a round the next one comes. */
  static long intervalMillis(int clients) {
    return INTERVAL_MILLIS + Math.round(CROWDED_MILLIS * Math.max(0, clients - CROWD));
  }

  boolean hasClients() {
    return !clients.isEmpty();
  }

  /** Closes every socket, also of those who join later. */
  void close(String reason) {
    ended = reason;
    for (Client client : List.copyOf(clients)) {
      client.socket.close(ENDED, reason);
    }
  }

  private void round() {
    lastRound = System.nanoTime();
    catchesUp = false;
    goOn(List.copyOf(clients).iterator(), new RecentFrames());
  }

  /** Sends what there is to some clients, and in the next turns of the loop to the others. */
  private void goOn(Iterator<Client> left, RecentFrames frames) {
    long began = System.nanoTime();
    while (left.hasNext()) {
      left.next().advance(cursor -> frames.computeIfAbsent(cursor, this::frame));
      if (left.hasNext() && System.nanoTime() - began > TURN_NANOS) {
        // By a timer: what is only put behind in the queue keeps the loop from its sockets.
        vertx.setTimer(1, later -> goOn(left, frames));
        return;
      }
    }
    scheduled = false;
    for (Client client : clients) {
      if (client.cursor < source.last() && client.takesMore()) {
        changed();
        return;
      }
    }
  }

  private Frame frame(long cursor) {
    Frame frame = source.after(cursor);
    catchesUp |= frame.last() < source.last();
    return frame;
  }

  /** Most clients are at one of a few cursors; those far behind share nothing. */
  private static final class RecentFrames extends LinkedHashMap<Long, Frame> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Frame> eldest) {
      return size() > FRAMES;
    }
  }

  private Frame first(long cursor) {
    if (first == null || firstAfter != cursor || firstUpTo != source.last()) {
      first = source.after(cursor);
      firstAfter = cursor;
      firstUpTo = source.last();
    }
    return first;
  }

  private final class Client {
    private final ServerWebSocket socket;
    private long cursor;

    /** Whether it has once seen all there was: from then on its delay is the stream's. */
    private boolean live;

    /** Whether its socket is full, and since when. */
    private boolean stalled;

    private long stalledSince;

    Client(ServerWebSocket socket, long cursor) {
      this.socket = socket;
      this.cursor = cursor;
    }

    private void stall(long now) {
      if (!stalled) {
        stalled = true;
        stalledSince = now;
      } else if (now - stalledSince > patience.toNanos()) {
        clients.remove(this);
        meters.dropped();
        socket.close(TOO_SLOW, TOO_SLOW_WORDS);
      }
    }

    boolean takesMore() {
      // Asked first, since a closed socket doesn't answer whether it is full.
      return !socket.isClosed() && !socket.writeQueueFull();
    }

    void advance(LongFunction<Frame> frames) {
      if (cursor >= source.last()) {
        live = true;
        return;
      }
      if (socket.isClosed()) {
        return;
      }
      if (socket.writeQueueFull()) {
        stall(System.nanoTime());
        return;
      }
      Frame frame = frames.apply(cursor);
      cursor = frame.last();
      boolean timed = live && !Double.isNaN(frame.oldestStep());
      live |= cursor >= source.last();
      meters.sent(frame);
      socket
          .writeTextMessage(frame.text())
          .onSuccess(
              written -> {
                if (timed) {
                  meters.written(frame.oldestStep());
                }
              });
    }
  }
}
