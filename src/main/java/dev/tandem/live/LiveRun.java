package dev.tandem.live;

import dev.tandem.run.Json;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One run as browsers follow it. To be used on the event loop of its {@link Live}; what it answers
 * in {@link Pieces} is made off it.
 */
public final class LiveRun {
  private final RunLog log = new RunLog();
  private final Vertx vertx;
  private final WorkerExecutor encoders;
  private final LiveMeters meters;
  private final Duration patience;
  private final Broadcast broadcast;

  /** Answers that are still being read, histories on WebSockets among them. */
  private int readers;

  LiveRun(Vertx vertx, WorkerExecutor encoders, LiveMeters meters, Duration patience) {
    this.vertx = vertx;
    this.encoders = encoders;
    this.meters = meters;
    this.patience = patience;
    this.broadcast = new Broadcast(vertx, log, meters, patience);
  }

  /**
   * Its events after a number, neighbouring steps merged, as JSON.
   *
   * @param points if given, at most so many losses of each training
   * @param looks whether what was seen in hidden layers is among them
   */
  public Pieces events(long after, Optional<Integer> points, boolean looks) {
    RunLog now = log.now();
    return pieces(new EventsJson(new EventReader(now, after, points.orElse(0), looks)));
  }

  /**
   * The losses of consecutive iterations of one training, as a {@code steps} event without a
   * number; as far as there are any.
   *
   * @param from counted from 1
   * @param to the last one wanted
   */
  public Pieces losses(TrainingId training, long from, long to) {
    Losses losses = log.now().losses(training);
    int count = (int) Math.max(0, Math.min(to, losses.size()) - from + 1);
    Stretch stretch =
        new Stretch(training.variant(), training.repeat(), from, losses.copy(from, count));
    return pieces(List.of(stretch).stream().map(Json::text).iterator());
  }

  /**
   * The smoothed losses of all its trainings as JSON: smoothed over every loss, thinned afterwards.
   *
   * @param weight of what was before, 0 up to 1
   * @param points at most so many of each training, 3 or more
   */
  public Pieces smoothed(double weight, int points) {
    return pieces(new SmoothedLines(log.now(), weight, points));
  }

  /** Whether the run has such a training. */
  public boolean has(TrainingId training) {
    return log.run().trainings().stream().anyMatch(of -> of.id().equals(training));
  }

  /** How many points an answer holds that has at most so many of each training. */
  public long pointsOf(int points) {
    RunSettings settings = log.run().settings();
    return log.run().trainings().stream()
        .mapToLong(training -> Math.min(points, settings.plan(training.id()).iterations()))
        .sum();
  }

  /** How many trainings it is of. */
  public int trainings() {
    return log.run().trainings().size();
  }

  private record Stretch(String variant, int repeat, long from, float[] losses) {}

  /** Its curves, in full, as CSV. */
  public Pieces curves() {
    return pieces(new Curves(log.now()));
  }

  /** What was seen in its hidden layers, as CSV. */
  public Pieces layers() {
    return pieces(new LayerRows(log.now()));
  }

  private Pieces pieces(Iterator<String> of) {
    readers++;
    return new Pieces(of, () -> readers--);
  }

  /**
   * Sends its events after a number, then those that come.
   *
   * @param points if given, what there is already comes with at most so many losses a training
   */
  public void follow(long after, Optional<Integer> points, ServerWebSocket socket) {
    long cursor = Math.min(after, log.last());
    if (points.isEmpty() || cursor == log.last()) {
      broadcast.join(socket, cursor);
      return;
    }
    EventReader reader = new EventReader(log.now(), cursor, points.get(), true);
    readers++;
    new History(vertx, encoders, reader, meters, patience)
        .sendTo(socket)
        .onComplete(sent -> readers--)
        .onSuccess(last -> broadcast.join(socket, last));
  }

  RunLog log() {
    return log;
  }

  Broadcast broadcast() {
    return broadcast;
  }

  boolean hasEnded() {
    return log.run() != null && log.run().status().hasEnded();
  }

  /** Whether it may be let go of: nothing more will happen in it, and nobody reads it. */
  boolean isIdle() {
    return hasEnded() && !broadcast.hasClients() && readers == 0;
  }
}
