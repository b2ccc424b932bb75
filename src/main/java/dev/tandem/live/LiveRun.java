package dev.tandem.live;

import dev.tandem.run.Json;
import dev.tandem.run.RunEvent.Histograms;
import dev.tandem.run.RunEvent.Layers;
import dev.tandem.run.TrainingId;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** One run as browsers follow it. To be used on the event loop of its {@link Live}. */
public final class LiveRun {
  private final RunLog log = new RunLog();
  private final LiveMeters meters;
  private final Broadcast broadcast;

  LiveRun(Vertx vertx, LiveMeters meters, Duration patience) {
    this.meters = meters;
    this.broadcast = new Broadcast(vertx, log, meters, patience);
  }

  /**
   * Its events after a number, neighbouring steps merged, as JSON.
   *
   * @param points if given, at most so many losses of each variant
   * @param looks whether what was seen in hidden layers is among them
   */
  public String events(long after, Optional<Integer> points, boolean looks) {
    List<?> events = points.isPresent() ? log.read(after, points.get()) : log.read(after);
    return Json.text(looks ? events : events.stream().filter(event -> !isLook(event)).toList());
  }

  private static boolean isLook(Object event) {
    return event instanceof Layers || event instanceof Histograms;
  }

  /**
   * The losses of consecutive iterations of one training, as a {@code steps} event without a
   * number; as far as there are any.
   *
   * @param from counted from 1
   * @param to the last one wanted
   */
  public String losses(TrainingId training, long from, long to) {
    Losses losses = log.losses(training);
    int count = (int) Math.max(0, Math.min(to, losses.size()) - from + 1);
    return Json.text(
        new Stretch(training.variant(), training.repeat(), from, losses.copy(from, count)));
  }

  /** Whether the run has such a training. */
  public boolean has(TrainingId training) {
    return log.run().trainings().stream().anyMatch(of -> of.id().equals(training));
  }

  private record Stretch(String variant, int repeat, long from, float[] losses) {}

  /** Its curves, in full, as CSV in pieces. */
  public Curves curves() {
    return new Curves(log);
  }

  /** What was seen in its hidden layers, as CSV in pieces. */
  public Iterator<String> layers() {
    return new LayerRows(log);
  }

  /**
   * Sends its events after a number, then those that come.
   *
   * @param points if given, what there is already comes with at most so many losses a variant
   */
  public void follow(long after, Optional<Integer> points, ServerWebSocket socket) {
    long cursor = Math.min(after, log.last());
    if (points.isPresent() && cursor < log.last()) {
      List<Object> events = log.read(cursor, points.get());
      cursor = log.last();
      Frame frame = new Frame(Json.write(events), cursor, events.size(), Double.NaN);
      meters.sent(frame);
      socket.writeTextMessage(frame.text());
    }
    broadcast.join(socket, cursor);
  }

  RunLog log() {
    return log;
  }

  Broadcast broadcast() {
    return broadcast;
  }

  /** Whether it may be let go of: nothing more will happen in it, and nobody follows it. */
  boolean isIdle() {
    return log.run() != null && log.run().status().hasEnded() && !broadcast.hasClients();
  }
}
