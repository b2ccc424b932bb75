package dev.tandem.web;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Json;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import dev.tandem.run.TrainingId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/schema} and {@code /api/runs}: everything but what streams. */
final class RunRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);

  private static final int MAX_PAGE = 200;
  private static final int DEFAULT_PAGE = 50;
  private static final String RETRY_AFTER_SECONDS = "5";

  private static final String UNANSWERED =
      "The database has not answered in time: this may still be done, or not. Look before you ask"
          + " again. A run that was asked for with an Idempotency-Key may be asked for again as it was.";
  private static final String UNREADABLE =
      "The database does not answer just now, or the server is busy. Try again soon.";

  private final Runs runs;
  private final Allowance starts;
  private final Refusals refusals;
  private final RunRequest request = new RunRequest();

  /**
   * @param starts runs that a client may start
   */
  RunRoutes(Runs runs, Allowance starts, Refusals refusals) {
    this.runs = runs;
    this.starts = starts;
    this.refusals = refusals;
  }

  void mount(Router router) {
    router.get("/api/schema").handler(this::schema);
    JsonBody.required(router.post("/api/runs")).handler(this::submit);
    router.get("/api/runs").handler(this::list);
    router.get("/api/runs/:id").handler(this::get);
    router.get("/api/runs/:id/models/:variant").handler(this::model);
    router.delete("/api/runs/:id").handler(this::delete);
    router.post("/api/runs/:id/cancel").handler(this::cancel);
    JsonBody.required(router.patch("/api/runs/:id")).handler(this::label);
    router.get("/api/runs/:id/pace").handler(this::pace);
    JsonBody.required(router.post("/api/runs/:id/pace")).handler(this::setPace);
  }

  private void schema(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
        .end(request.schema().toBuffer());
  }

  private void submit(RoutingContext context) {
    Optional<JsonObject> body = JsonBody.read(context, "{} is the seed experiment.");
    if (body.isEmpty()) {
      return;
    }
    Map<String, String> errors = new TreeMap<>();
    Optional<String> key = IdempotencyKey.of(context.request(), errors);
    RunSettings settings = null;
    try {
      settings = request.settings(body.get());
    } catch (BadFields e) {
      errors.putAll(e.errors());
    }
    if (errors.isEmpty()) {
      submit(context, settings, key);
    } else {
      Problem.badFields(errors).answer(context);
    }
  }

  private void submit(RoutingContext context, RunSettings settings, Optional<String> key) {
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
              context.response().putHeader(HttpHeaders.LOCATION, "/api/runs/" + run.id());
              answer(context, 201, run);
            })
        .onFailure(failure -> refused(context, failure));
  }

  private void list(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int limit = (int) query.get("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    if (query.answeredFaults()) {
      return;
    }
    String before = context.request().getParam("before");
    runs.list(limit, before)
        .onSuccess(page -> answer(context, 200, Map.of("runs", page)))
        .onFailure(failure -> refused(context, failure));
  }

  private void get(RoutingContext context) {
    whenAsked(context, 200, runs.get(context.pathParam("id")));
  }

  /** A trained network as DeepLearning4J's zip. */
  private void model(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int repeat = (int) query.get("repeat", 1, 1, RunSettings.MAX_REPEATS);
    if (query.answeredFaults()) {
      return;
    }
    runs.model(context.pathParam("id"), new TrainingId(context.pathParam("variant"), repeat))
        .onSuccess(
            kept -> {
              if (kept.state() == null) {
                Problem.notFound(
                        "There is no model of this run and variant: only trainings that completed leave one, and only the newest runs' are kept.")
                    .answer(context);
              } else {
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/zip")
                    .putHeader(
                        "Content-Disposition",
                        "attachment; filename=\"tandem-model-" + context.pathParam("id") + ".zip\"")
                    .end(Buffer.buffer(kept.state()));
              }
            })
        .onFailure(failure -> refused(context, failure));
  }

  private void cancel(RoutingContext context) {
    whenAsked(context, 202, runs.cancel(context.pathParam("id")));
  }

  private void label(RoutingContext context) {
    Optional<JsonObject> body = JsonBody.read(context, "{\"name\": …, \"note\": …}.");
    if (body.isEmpty()) {
      return;
    }
    try {
      LabelRequest asked = LabelRequest.of(body.get());
      whenAsked(context, 200, runs.label(context.pathParam("id"), asked.name(), asked.note()));
    } catch (BadFields e) {
      Problem.badFields(e.errors()).answer(context);
    }
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
      JsonObject bounds = request.schema().getJsonObject("properties");
      PaceRequest asked = PaceRequest.of(body.get(), bounds.getJsonObject(PaceRequest.FIELD));
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
