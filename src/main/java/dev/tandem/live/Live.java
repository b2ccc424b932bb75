package dev.tandem.live;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.ServerWebSocket;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The events of all runs on the list, in memory, and the browsers that follow them. Belongs to the
 * event loop on which {@link #start} was called: its other methods are to be called there.
 */
public final class Live {
  private final Vertx vertx;
  private final Clock clock;
  private final LiveMeters meters;
  private final Map<String, Followed> runs = new HashMap<>();
  private final RunChanges changes = new RunChanges();
  private final Broadcast everyone;

  public Live(Vertx vertx, MeterRegistry registry, Clock clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.meters = new LiveMeters(registry);
    this.everyone = new Broadcast(vertx, changes, meters);
  }

  /** Listens to the bus from now on. */
  public Future<?> start() {
    return vertx.eventBus().<BusMessage>consumer(Addresses.EVENTS, this::happened).completion();
  }

  /** Whether the run is on the list. */
  public boolean knows(String runId) {
    return runs.containsKey(runId);
  }

  /** A run's events after a number, neighbouring steps merged, as JSON. */
  public String events(String runId, long after) {
    return RunLog.json(log(runId).read(after));
  }

  /** The same, with at most {@code points} losses of each variant. */
  public String events(String runId, long after, int points) {
    return RunLog.json(log(runId).read(after, points));
  }

  /** A run's curves, in full, as CSV in pieces. */
  public Curves curves(String runId) {
    return new Curves(log(runId));
  }

  /**
   * Sends a run's events after a number, then those that come.
   *
   * @param points if given, what there is already comes with at most so many losses a variant
   */
  public void follow(String runId, long after, Optional<Integer> points, ServerWebSocket socket) {
    Followed followed = runs.get(runId);
    long cursor = Math.min(after, followed.log.last());
    if (points.isPresent() && cursor < followed.log.last()) {
      List<Object> events = followed.log.read(cursor, points.get());
      cursor = followed.log.last();
      Frame frame = new Frame(RunLog.json(events), cursor, events.size(), Double.NaN);
      meters.sent(frame);
      socket.writeTextMessage(frame.text());
    }
    followed.broadcast.join(socket, cursor);
  }

  /** Sends the status changes of all runs from now on. */
  public void followAll(ServerWebSocket socket) {
    everyone.join(socket, changes.last());
  }

  private void happened(Message<BusMessage> told) {
    if (told.body() instanceof BusMessage.Happened news) {
      Run run = news.run();
      Followed followed = runs.computeIfAbsent(run.id(), id -> new Followed());
      followed.log.append(run, news.event());
      followed.broadcast.changed();
      if (news.event() instanceof RunEvent.RunChange change) {
        changes.changed(run, change.at());
        everyone.changed();
      }
    } else if (told.body() instanceof BusMessage.Removed removed) {
      Followed followed = runs.remove(removed.runId());
      if (followed != null) {
        followed.broadcast.close("This run was deleted.");
        changes.deleted(removed.runId(), clock.instant());
        everyone.changed();
      }
    }
  }

  private RunLog log(String runId) {
    return runs.get(runId).log;
  }

  private final class Followed {
    final RunLog log = new RunLog();
    final Broadcast broadcast = new Broadcast(vertx, log, meters);
  }
}
