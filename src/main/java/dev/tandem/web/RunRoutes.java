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
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/schema} and {@code /api/runs}: everything but what streams. */
final class RunRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);

  private static final String RETRY_AFTER_SECONDS = "5";

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
    router.get("/api/runs/:id/models").handler(this::model);
    router.get("/api/runs/:id/models/:variant").handler(this::model);
    router.delete("/api/runs/:id").handler(this::delete);
    router.post("/api/runs/:id/cancel").handler(this::cancel);
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
    try {
      RunSettings settings = request.settings(body.get());
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
      runs.submit(settings)
          .onSuccess(
              run -> {
                context.response().putHeader(HttpHeaders.LOCATION, "/api/runs/" + run.id());
                answer(context, 201, run);
              })
          .onFailure(failure -> refused(context, failure));
    } catch (BadFields e) {
      Problem.badFields(e.errors()).answer(context);
    }
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

  /** A trained network as DeepLearning4J's zip. */
  private void model(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int repeat = (int) query.get("repeat", 1, 1, RunSettings.MAX_REPEATS);
    if (query.answeredFaults()) {
      return;
    }
    runs.model(
            context.pathParam("id"), new TrainingId(Names.composed(Names.variant(context)), repeat))
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
    } else {
      if (refusal == null) {
        LOG.error("the coordinator does not answer", failure);
      }
      context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
      Problem.unavailable(
              refusal == null ? "The server is busy. Try again soon." : failure.getMessage())
          .answer(context);
    }
  }
}
