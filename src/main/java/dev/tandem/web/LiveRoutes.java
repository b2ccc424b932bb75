package dev.tandem.web;

import dev.tandem.live.Live;
import dev.tandem.live.LiveRun;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A run's events and curves, and the WebSockets. */
final class LiveRoutes {
  private static final long MAX_SEQ = Long.MAX_VALUE >> 11;
  private static final long MAX_POINTS = 1_000_000;

  /** Losses in one answer: about half a megabyte. */
  private static final long MAX_STRETCH = 50_000;

  private final Live live;
  private final Viewers viewers;

  LiveRoutes(Live live, Viewers viewers) {
    this.live = live;
    this.viewers = viewers;
  }

  void mount(Router router) {
    router
        .get("/api/live")
        .handler(viewers::admit)
        .handler(context -> viewers.open(context, live::followAll));
    router.get("/api/runs/:id/events").handler(this::events);
    router.get("/api/runs/:id/losses").handler(this::losses);
    router.get("/api/runs/:id/losses/:variant").handler(this::losses);
    router.get("/api/runs/:id/curves.csv").handler(context -> csv(context, "", LiveRun::curves));
    router
        .get("/api/runs/:id/layers.csv")
        .handler(context -> csv(context, "-layers", LiveRun::layers));
    router.get("/api/runs/:id/live").handler(viewers::admit).handler(this::follow);
  }

  private void events(RoutingContext context) {
    From.of(context)
        .ifPresent(
            from ->
                withRun(
                    context,
                    run ->
                        context
                            .response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .end(run.events(from.after, from.points, from.looks))));
  }

  private void follow(RoutingContext context) {
    From.of(context)
        .ifPresent(
            from -> {
              // Nothing may be read from the socket before it is a WebSocket.
              context.request().pause();
              withRun(
                  context,
                  run ->
                      viewers.open(context, socket -> run.follow(from.after, from.points, socket)));
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
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(run.losses(training, from, to));
          } else {
            Problem.notFound("This run has no such variant and repeat.").answer(context);
          }
        });
  }

  private void csv(RoutingContext context, String part, Function<LiveRun, Iterator<String>> rows) {
    withRun(
        context,
        run -> {
          HttpServerResponse response =
              context
                  .response()
                  .putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8")
                  .putHeader(
                      "Content-Disposition",
                      "attachment; filename=\"tandem-" + context.pathParam("id") + part + ".csv\"")
                  .setChunked(true);
          write(rows.apply(run), response)
              .onSuccess(written -> response.end())
              .onFailure(failure -> response.reset());
        });
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
        .onFailure(context::fail);
  }

  /** A piece at a time, the next one when the last has left: a slow reader costs no memory. */
  private static Future<Void> write(Iterator<String> rows, HttpServerResponse response) {
    Promise<Void> done = Promise.promise();
    writeNext(rows, response, done);
    return done.future();
  }

  private static void writeNext(
      Iterator<String> rows, HttpServerResponse response, Promise<Void> done) {
    if (!rows.hasNext()) {
      done.complete();
      return;
    }
    response
        .write(rows.next())
        .onSuccess(written -> writeNext(rows, response, done))
        .onFailure(done::fail);
  }

  /**
   * From where on events are wanted.
   *
   * @param points at most so many losses a variant, if it was said
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
