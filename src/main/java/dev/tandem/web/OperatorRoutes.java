package dev.tandem.web;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Runs;
import dev.tandem.run.StoreMessage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /metrics}, {@code /health} and {@code /api/backend}, for those who look after the server.
 */
final class OperatorRoutes {
  private final Vertx vertx;
  private final Runs runs;
  private final PrometheusMeterRegistry registry;

  /** What computes; null until it is known. */
  private BusMessage.Backend backend;

  /** Why nothing can be stored, or null. */
  private String storeFault;

  OperatorRoutes(Vertx vertx, Runs runs, PrometheusMeterRegistry registry) {
    this.vertx = vertx;
    this.runs = runs;
    this.registry = registry;
  }

  void mount(Router router) {
    vertx.eventBus().<BusMessage.Backend>consumer(Addresses.BACKEND, told -> backend = told.body());
    vertx
        .eventBus()
        .<StoreMessage.StoreState>consumer(
            Addresses.STORE_STATE, told -> storeFault = told.body().reason());
    router.get("/api/backend").handler(this::backend);
    router.get("/metrics").handler(this::metrics);
    router.get("/health/live").handler(context -> health(context, List.of()));
    router.get("/health/ready").handler(this::ready);
  }

  private void backend(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("backend", backend == null ? "starting" : backend.name())
                .put("reason", backend == null ? "ND4J is being loaded" : backend.reason())
                .toBuffer());
  }

  private void metrics(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    String type =
        accept != null && accept.contains("application/openmetrics-text")
            ? OpenMetricsTextFormatWriter.CONTENT_TYPE
            : PrometheusTextFormatWriter.CONTENT_TYPE;
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (Methods.answeredHead(context)) {
      return;
    }
    vertx
        .executeBlocking(() -> registry.scrape(type), false)
        .onSuccess(text -> context.response().end(text))
        .onFailure(context::fail);
  }

  private void ready(RoutingContext context) {
    runs.fault()
        .otherwise("The coordinator does not answer.")
        .onSuccess(fault -> health(context, faults(fault)));
  }

  private List<String> faults(String fault) {
    List<String> faults = new ArrayList<>();
    if (fault != null) {
      faults.add(fault);
    }
    if (backend != null && !backend.works()) {
      faults.add(backend.reason());
    }
    if (storeFault != null) {
      faults.add(storeFault);
    }
    return faults;
  }

  private static void health(RoutingContext context, List<String> reasons) {
    context
        .response()
        .setStatusCode(reasons.isEmpty() ? 200 : 503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("status", reasons.isEmpty() ? "up" : "down")
                .put("reasons", new JsonArray(reasons))
                .toBuffer());
  }
}
