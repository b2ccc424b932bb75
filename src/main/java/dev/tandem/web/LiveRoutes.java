package dev.tandem.web;

import dev.tandem.live.Live;
import dev.tandem.live.LiveRun;
import dev.tandem.live.NoRoomException;
import dev.tandem.live.Pieces;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A run's events and curves, and the WebSockets. */
final class LiveRoutes {
  private static final long MAX_SEQ = Long.MAX_VALUE >> 11;
  private static final int MAX_POINTS = 1_000_000;

  /** Points in one answer, of all trainings together: some ten megabytes. */
  private static final int MAX_ALL_POINTS = 500_000;

  private static final double SMOOTHING = 0.9;
  private static final double MAX_SMOOTHING = 0.999;
  private static final int RESOLUTION = 2000;
  private static final short POLICY_VIOLATION = 1008;
  private static final int RETRY_SECONDS = 5;

  /** Losses in one answer: about half a megabyte. */
  private static final long MAX_STRETCH = 50_000;

  private final Live live;
  private final Streams streams;
  private final Viewers viewers;

  LiveRoutes(Live live, Viewers viewers) {
    this.live = live;
    this.streams = new Streams(live.encoders());
    this.viewers = viewers;
  }

  void mount(Router router) {
    Methods.socket(router.get("/api/live"))
        .handler(viewers::admit)
        .handler(context -> viewers.open(context, live::followAll));
    router.get("/api/runs/:id/events").handler(this::events);
    router.get("/api/runs/:id/losses").handler(this::losses);
    router.get("/api/runs/:id/losses/:variant").handler(this::losses);
    router.get("/api/runs/:id/smoothed").handler(this::smoothed);
    router.get("/api/runs/:id/curves.csv").handler(context -> csv(context, "", LiveRun::curves));
    router
        .get("/api/runs/:id/layers.csv")
        .handler(context -> csv(context, "-layers", LiveRun::layers));
    Methods.socket(router.get("/api/runs/:id/live")).handler(viewers::admit).handler(this::follow);
  }

  private void events(RoutingContext context) {
    From.of(context)
        .ifPresent(
            from ->
                withRun(
                    context,
                    run -> {
                      Optional<String> fault = from.points.flatMap(points -> fault(run, points));
                      if (fault.isPresent()) {
                        Problem.badFields(Map.of("resolution", fault.get())).answer(context);
                      } else {
                        json(context, run.events(from.after, from.points, from.looks));
                      }
                    }));
  }

  private void follow(RoutingContext context) {
    From.of(context)
        .ifPresent(
            from -> {
              // Nothing may be read from the socket before it is a WebSocket.
              context.request().pause();
              withRun(
                  context,
                  run -> {
                    Optional<String> fault = from.points.flatMap(points -> fault(run, points));
                    viewers.open(
                        context,
                        socket -> {
                          if (fault.isPresent()) {
                            // Browsers show a page nothing of a refused handshake but that it was.
                            socket.close(POLICY_VIOLATION, "resolution " + fault.get());
                          } else {
                            run.follow(from.after, from.points, socket);
                          }
                        });
                  });
            });
  }

  /** What is wrong with so many points of each training, if anything is; at most 110 letters. */
  private static Optional<String> fault(LiveRun run, int points) {
    if (run.pointsOf(points) <= MAX_ALL_POINTS) {
      return Optional.empty();
    }
    return Optional.of(
        "makes %,d points with %d trainings; at most %,d are possible, %,d of each"
            .formatted(
                run.pointsOf(points),
                run.trainings(),
                MAX_ALL_POINTS,
                MAX_ALL_POINTS / run.trainings()));
  }

  /** The smoothed losses, over every loss. */
  private void smoothed(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    double weight = query.get("weight", SMOOTHING, 0, MAX_SMOOTHING);
    int points = (int) query.get("resolution", RESOLUTION, 3, MAX_POINTS);
    if (query.answeredFaults()) {
      return;
    }
    withRun(
        context,
        run -> {
          Optional<String> fault = fault(run, points);
          if (fault.isPresent()) {
            Problem.badFields(Map.of("resolution", fault.get())).answer(context);
          } else {
            json(context, run.smoothed(weight, points));
          }
        });
  }

  /** A stretch of one training's losses, in full. */
  private void losses(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int repeat = (int) query.get("repeat", 1, 1, RunSettings.MAX_REPEATS);
    long from = query.get("from", 1, 1, MAX_SEQ);
    long to = query.get("to", from + MAX_STRETCH - 1, from, from + MAX_STRETCH - 1);
    if (query.answeredFaults()) {
      return;
    }
    String variant = Names.variant(context);
    withRun(
        context,
        run -> {
          TrainingId asked = new TrainingId(variant, repeat);
          TrainingId training =
              run.has(asked) ? asked : new TrainingId(Names.composed(variant), repeat);
          if (run.has(training)) {
            json(context, run.losses(training, from, to));
          } else {
            Problem.notFound("This run has no such variant and repeat.").answer(context);
          }
        });
  }

  private void csv(RoutingContext context, String part, Function<LiveRun, Pieces> rows) {
    withRun(
        context,
        run -> {
          context
              .response()
              .putHeader(
                  "Content-Disposition",
                  "attachment; filename=\"tandem-" + context.pathParam("id") + part + ".csv\"");
          streams.answer(context, "text/csv; charset=utf-8", rows.apply(run));
        });
  }

  private void json(RoutingContext context, Pieces pieces) {
    streams.answer(context, "application/json", pieces);
  }

  /** Does something with the run that the path names, or answers that there is none. */
  private void withRun(RoutingContext context, Consumer<LiveRun> then) {
    live.run(context.pathParam("id"))
        .onSuccess(
            run -> {
              if (run == null) {
                context.request().resume();
                Problem.notFound("There is no run with this id.").answer(context);
              } else {
                then.accept(run);
              }
            })
        .onFailure(
            failure -> {
              context.request().resume();
              if (failure instanceof NoRoomException) {
                Problem.unavailable(failure.getMessage()).answer(context, RETRY_SECONDS);
              } else {
                context.fail(failure);
              }
            });
  }

  /**
   * From where on events are wanted.
   *
   * @param points at most so many losses a training, if it was said
   * @param looks whether what was seen in hidden layers is wanted too
   */
  private record From(long after, Optional<Integer> points, boolean looks) {
    /** Empty if the query was wrong; that has been answered then. */
    static Optional<From> of(RoutingContext context) {
      QueryNumbers query = new QueryNumbers(context);
      long after = query.get("after", 0, 0, MAX_SEQ);
      int points = (int) query.get("resolution", 0, 2, MAX_POINTS);
      boolean looks = query.get("looks", 1, 0, 1) == 1;
      if (query.answeredFaults()) {
        return Optional.empty();
      }
      return Optional.of(
          new From(after, points == 0 ? Optional.empty() : Optional.of(points), looks));
    }
  }
}
