package dev.tandem.web;

import dev.tandem.run.Json;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.Runs;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/schema} and {@code /api/runs}: everything but what streams. */
final class RunRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);

  /** A request is a few hundred bytes. */
  private static final long MAX_BODY = 64 * 1024;

  private static final int MAX_PAGE = 200;
  private static final int DEFAULT_PAGE = 50;
  private static final String RETRY_AFTER_SECONDS = "5";

  private final Runs runs;
  private final RunRequest request = new RunRequest();

  RunRoutes(Runs runs) {
    this.runs = runs;
  }

  void mount(Router router) {
    router.get("/api/schema").handler(this::schema);
    router
        .post("/api/runs")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
        .handler(this::jsonOnly)
        .handler(this::submit);
    router.get("/api/runs").handler(this::list);
    router.get("/api/runs/:id").handler(this::get);
    router.get("/api/runs/:id/models/:variant").handler(this::model);
    router.delete("/api/runs/:id").handler(this::delete);
    router.post("/api/runs/:id/cancel").handler(this::cancel);
  }

  private void schema(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
        .end(request.schema().toBuffer());
  }

  private void jsonOnly(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String bare = type == null ? "" : type.split(";", 2)[0].trim();
    if (bare.equalsIgnoreCase("application/json")) {
      context.next();
    } else {
      Problem.of(
              415,
              "Unsupported media type",
              "Send the request as application/json"
                  + (type == null ? "." : ", not as " + type + "."))
          .answer(context);
    }
  }

  private void submit(RoutingContext context) {
    Buffer raw = context.body().buffer();
    JsonObject body;
    try {
      // Jackson's own reader takes an object alone; this one any JSON.
      Object json = raw == null ? null : io.vertx.core.json.Json.decodeValue(raw);
      if (!(json instanceof Map<?, ?>) && !(json instanceof JsonObject)) {
        Problem.badRequest("The request must be a JSON object; {} is the seed experiment.")
            .answer(context);
        return;
      }
      body = new JsonObject(raw);
    } catch (DecodeException e) {
      Problem.badRequest("The request is not JSON: " + firstLine(e.getMessage())).answer(context);
      return;
    }
    try {
      runs.submit(request.settings(body))
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
    runs.model(context.pathParam("id"), context.pathParam("variant"))
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

  private static void refused(RoutingContext context, Throwable failure) {
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

  private static String firstLine(String message) {
    String line = message.replaceFirst("^Failed to decode:\\s*", "").split("\\R", 2)[0];
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
