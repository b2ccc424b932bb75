package dev.tandem.web;

import dev.tandem.run.BusMessage.OpenedModel;
import dev.tandem.run.ModelFormat;
import dev.tandem.run.Refusal;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import dev.tandem.run.TrainingId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/runs/{id}/models/{variant}}: a trained network, as fast as the client takes it. At
 * any time a part or two of it are on their way.
 */
final class ModelRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRoutes.class);
  private static final int RETRY_AFTER_SECONDS = 5;

  private static final List<String> FORMATS =
      Arrays.stream(ModelFormat.values()).map(ModelFormat::label).toList();

  private final Runs runs;

  ModelRoutes(Runs runs) {
    this.runs = runs;
  }

  void mount(Router router) {
    router.get("/api/runs/:id/models").handler(this::model);
    router.get("/api/runs/:id/models/:variant").handler(this::model);
  }

  private void model(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int repeat = (int) query.get("repeat", 1, 1, RunSettings.MAX_REPEATS);
    String label = query.get("format", ModelFormat.DL4J.label(), FORMATS);
    if (query.answeredFaults()) {
      return;
    }
    ModelFormat format = ModelFormat.of(label).orElseThrow();
    TrainingId training = new TrainingId(Names.composed(Names.variant(context)), repeat);
    runs.openModel(context.pathParam("id"), training, format)
        .onSuccess(opened -> answer(context, opened, format))
        .onFailure(
            failure -> {
              if (Refusal.of(failure) == Refusal.TOO_MANY) {
                Problem.tooMany(failure.getMessage()).answer(context, RETRY_AFTER_SECONDS);
              } else {
                RunRoutes.refused(context, failure);
              }
            });
  }

  private void answer(RoutingContext context, OpenedModel opened, ModelFormat format) {
    if (opened.lacking() != null) {
      Problem.notFound(opened.lacking()).answer(context);
    } else if (opened.unusable() != null) {
      Problem.of(500, "Unusable", opened.unusable() + " Train it again.").answer(context);
    } else if (opened.id() == null) {
      Problem.notFound(
              "There is no model of this run and variant: only trainings that completed leave one, and only the newest runs' are kept.")
          .answer(context);
    } else {
      send(context, opened, format);
    }
  }

  private void send(RoutingContext context, OpenedModel opened, ModelFormat format) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      runs.closeModel(opened.id());
      return;
    }
    response.closeHandler(gone -> runs.closeModel(opened.id()));
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/zip")
        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(opened.bytes()))
        // Weights can hardly be compressed, and their length is told.
        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
        .putHeader(
            "Content-Disposition",
            "attachment; filename=\"tandem-model-%s.%s\""
                .formatted(context.pathParam("id"), format.extension()));
    if (Methods.answeredHead(context)) {
      runs.closeModel(opened.id());
    } else {
      sendNext(response, opened.id());
    }
  }

  private void sendNext(HttpServerResponse response, String download) {
    runs.nextPart(download)
        .onSuccess(
            part -> {
              Buffer bytes = Buffer.buffer(part.bytes());
              if (part.last()) {
                response.end(bytes);
                return;
              }
              response.write(bytes);
              if (response.writeQueueFull()) {
                response.drainHandler(drained -> sendNext(response, download));
              } else {
                sendNext(response, download);
              }
            })
        .onFailure(
            failure -> {
              LOG.debug("a model's download was cut short", failure);
              // Before its length has been sent: so a client sees that it isn't whole.
              response.reset();
            });
  }
}
