package dev.tandem.web;

import dev.tandem.live.Curves;
import dev.tandem.live.Live;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** A run's events and curves, and the WebSockets. */
final class LiveRoutes {
  private static final long MAX_SEQ = Long.MAX_VALUE >> 11;
  private static final long MAX_POINTS = 1_000_000;

  private final Live live;
  private final Viewers viewers;

  LiveRoutes(Live live, Viewers viewers) {
    this.live = live;
    this.viewers = viewers;
  }

  void mount(Router router) {
    router.get("/api/live").handler(context -> viewers.upgrade(context, live::followAll));
    router.get("/api/runs/:id/events").handler(this::known).handler(this::events);
    router.get("/api/runs/:id/curves.csv").handler(this::known).handler(this::curves);
    router.get("/api/runs/:id/live").handler(this::known).handler(this::follow);
  }

  private void known(RoutingContext context) {
    if (live.knows(context.pathParam("id"))) {
      context.next();
    } else {
      Problem.notFound("There is no run with this id.").answer(context);
    }
  }

  private void events(RoutingContext context) {
    Optional<From> from = From.of(context);
    if (from.isEmpty()) {
      return;
    }
    String id = context.pathParam("id");
    long after = from.get().after;
    String json =
        from.get()
            .points
            .map(points -> live.events(id, after, points))
            .orElseGet(() -> live.events(id, after));
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json);
  }

  private void follow(RoutingContext context) {
    From.of(context)
        .ifPresent(
            from ->
                viewers.upgrade(
                    context,
                    socket ->
                        live.follow(context.pathParam("id"), from.after, from.points, socket)));
  }

  private void curves(RoutingContext context) {
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8")
            .putHeader(
                "Content-Disposition",
                "attachment; filename=\"tandem-" + context.pathParam("id") + ".csv\"")
            .setChunked(true);
    write(live.curves(context.pathParam("id")), response)
        .onSuccess(written -> response.end())
        .onFailure(failure -> response.reset());
  }

  /** A piece at a time, the next one when the last has left: a slow reader costs no memory. */
  private static Future<Void> write(Curves curves, HttpServerResponse response) {
    Promise<Void> done = Promise.promise();
    writeNext(curves, response, done);
    return done.future();
  }

  private static void writeNext(Curves curves, HttpServerResponse response, Promise<Void> done) {
    if (!curves.hasNext()) {
      done.complete();
      return;
    }
    response
        .write(curves.next())
        .onSuccess(written -> writeNext(curves, response, done))
        .onFailure(done::fail);
  }

  /**
   * From where on events are wanted.
   *
   * @param points at most so many losses a variant, if it was said
   */
  private record From(long after, Optional<Integer> points) {
    /** Empty if the query was wrong; that has been answered then. */
    static Optional<From> of(RoutingContext context) {
      QueryNumbers query = new QueryNumbers(context);
      long after = query.get("after", 0, 0, MAX_SEQ);
      int points = (int) query.get("resolution", 0, 2, MAX_POINTS);
      if (query.answeredFaults()) {
        return Optional.empty();
      }
      return Optional.of(new From(after, points == 0 ? Optional.empty() : Optional.of(points)));
    }
  }
}
