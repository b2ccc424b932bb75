package dev.tandem.web;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunIds;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/schema} and {@code /api/runs}: everything but what streams. */
final class RunRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);

  private static final String RETRY_AFTER_SECONDS = "5";
  private static final Pattern OF_RUN = Pattern.compile("/api/runs/([^/]+)");

  private static final String UNANSWERED =
      "The database has not answered in time: this may still be done, or not. Look before you ask"
          + " again. A run that was asked for with an Idempotency-Key may be asked for again as it was.";
  private static final String UNREADABLE =
      "The database does not answer just now, or the server is busy. Try again soon.";

  private final Runs runs;
  private final Allowance starts;
  private final Refusals refusals;
  private RunRequest request = new RunRequest(List.of());

  /**
   * @param starts runs that a client may start
   */
  RunRoutes(Runs runs, Allowance starts, Refusals refusals) {
    this.runs = runs;
    this.starts = starts;
    this.refusals = refusals;
  }

  void mount(Router router) {
    // Before all routes that take an id, whoever has them: nothing else is looked up.
    router.route().handler(RunRoutes::possibleId);
    router.get("/api/schema").handler(this::schema);
    JsonBody.required(router.post("/api/runs")).handler(this::submit);
    router.get("/api/runs").handler(this::list);
    router.get("/api/runs/:id").handler(this::get);
    router.delete("/api/runs/:id").handler(this::delete);
    router.post("/api/runs/:id/cancel").handler(this::cancel);
    router.get("/api/runs/:id/pace").handler(this::pace);
    JsonBody.required(router.post("/api/runs/:id/pace")).handler(this::setPace);
  }

  private static void possibleId(RoutingContext context) {
    Matcher ofRun = OF_RUN.matcher(context.normalizedPath());
    if (ofRun.lookingAt() && !RunIds.isOne(ofRun.group(1))) {
      Problem.notFound("There is no run with this id.").answer(context);
    } else {
      context.next();
    }
  }

  private void schema(RoutingContext context) {
    request()
        .onSuccess(
            now ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
                    .end(now.schema().toBuffer()))
        .onFailure(failure -> refused(context, failure));
  }

  /** For the datasets that there are now. */
  private Future<RunRequest> request() {
    return runs.datasets()
        .map(
            datasets -> {
              if (!request.isFor(datasets)) {
                request = new RunRequest(datasets);
              }
              return request;
            });
  }

  private void submit(RoutingContext context) {
    Optional<JsonObject> body = JsonBody.read(context, "{} is the seed experiment.");
    if (body.isEmpty()) {
      return;
    }
    request()
        .onSuccess(
            now -> {
              try {
                submit(context, now, body.get());
              } catch (RuntimeException e) {
                // A future drops what its handlers throw; nobody would be answered.
                context.fail(e);
              }
            })
        .onFailure(failure -> refused(context, failure));
  }

  private void submit(RoutingContext context, RunRequest now, JsonObject body) {
    Map<String, String> errors = new TreeMap<>();
    Optional<String> key = IdempotencyKey.of(context.request(), errors);
    RunSettings settings = null;
    try {
      settings = now.settings(body);
    } catch (BadFields e) {
      errors.putAll(e.errors());
    }
    if (errors.isEmpty()) {
      submit(context, settings, key);
    } else {
      Problem.badFields(errors).answer(context);
    }
  }

  /** Starts it, unless there is no memory for it. */
  private void submit(RoutingContext context, RunSettings settings, Optional<String> key) {
    runs.room(settings)
        .onSuccess(
            room -> {
              if (room.fault() == null) {
                start(context, settings, key);
              } else {
                Problem.badFields(Map.of(room.field(), room.fault())).answer(context);
              }
            });
  }

  private void start(RoutingContext context, RunSettings settings, Optional<String> key) {
    SocketAddress client = context.request().remoteAddress();
    // Counted here and not before, so that correcting a form costs nothing.
    int wait = starts.secondsToNext(client);
    if (wait > 0) {
      refusals.count(Refusals.Reason.STARTS);
      Problem.tooMany(
              "%,d runs a minute may be started from one address. Try again in %d s."
                  .formatted(starts.perMinute(), wait))
          .answer(context, wait);
      return;
    }
    starts.take(client);
    runs.submit(settings, key.orElse(null))
        .onSuccess(
            run -> {
              String location = BasePath.of(context) + "/api/runs/" + run.id();
              context.response().putHeader(HttpHeaders.LOCATION, location);
              answer(context, 201, run);
            })
        .onFailure(failure -> refused(context, failure));
  }

  private void list(RoutingContext context) {
    ListRequest.of(context)
        .ifPresent(
            query ->
                runs.find(query)
                    .onSuccess(page -> answer(context, 200, Page.of(page)))
                    .onFailure(failure -> refused(context, failure)));
  }

  /**
   * Runs as they were asked for.
   *
   * @param found of this kind, on other pages too
   * @param total all runs there are
   * @param next gets the next page; null if this is the last
   */
  private record Page(List<Run> runs, int found, int total, String next) {
    static Page of(BusMessage.ManyRuns page) {
      return new Page(page.runs(), page.found(), page.total(), ListRequest.next(page.last()));
    }
  }

  private void get(RoutingContext context) {
    runs.get(context.pathParam("id"))
        .onSuccess(
            run -> {
              LabelRoutes.tag(context, run);
              answer(context, 200, run);
            })
        .onFailure(failure -> refused(context, failure));
  }

  private void cancel(RoutingContext context) {
    whenAsked(context, 202, runs.cancel(context.pathParam("id")));
  }

  private void pace(RoutingContext context) {
    whenTold(context, runs.pace(context.pathParam("id")));
  }

  private void setPace(RoutingContext context) {
    Optional<JsonObject> body =
        JsonBody.read(context, "{\"iterationsPerSecond\": null} is as fast as it goes.");
    if (body.isEmpty()) {
      return;
    }
    try {
      PaceRequest asked = PaceRequest.of(body.get(), RunRequest.general(PaceRequest.FIELD));
      whenTold(context, runs.setPace(context.pathParam("id"), asked.iterationsPerSecond()));
    } catch (BadFields e) {
      Problem.badFields(e.errors()).answer(context);
    }
  }

  private static void whenTold(RoutingContext context, Future<BusMessage.Pace> asked) {
    asked
        .onSuccess(told -> answer(context, 200, new PaceRequest(told.iterationsPerSecond())))
        .onFailure(failure -> refused(context, failure));
  }

  private void delete(RoutingContext context) {
    runs.delete(context.pathParam("id"))
        .onSuccess(run -> context.response().setStatusCode(204).end())
        .onFailure(failure -> refused(context, failure));
  }

  private static void whenAsked(RoutingContext context, int status, Future<Run> asked) {
    asked
        .onSuccess(run -> answer(context, status, run))
        .onFailure(failure -> refused(context, failure));
  }

  private static void answer(RoutingContext context, int status, Object body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(Buffer.buffer(Json.write(body)));
  }

  /** Answers with why the coordinator said no, or that it said nothing. */
  static void refused(RoutingContext context, Throwable failure) {
    Refusal refusal = Refusal.of(failure);
    if (refusal == Refusal.UNKNOWN_RUN) {
      Problem.notFound(failure.getMessage()).answer(context);
    } else if (refusal == Refusal.WRONG_STATUS) {
      Problem.conflict(failure.getMessage()).answer(context);
    } else if (refusal == Refusal.KEY_USED) {
      Problem.of(422, "Unprocessable content", failure.getMessage()).answer(context);
    } else {
      if (refusal == null) {
        LOG.warn(
            "{} {}: {}",
            context.request().method(),
            context.request().path(),
            failure.getMessage());
      }
      context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
      if (Runs.isUnanswered(failure) && context.request().method() != HttpMethod.GET) {
        Problem.of(504, "No answer in time", UNANSWERED).answer(context);
      } else {
        Problem.unavailable(refusal == null ? UNREADABLE : failure.getMessage()).answer(context);
      }
    }
  }
}
