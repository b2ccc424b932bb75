package dev.tandem.web;

import dev.tandem.TestServer;
import dev.tandem.live.Live;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the server answers to, from its own router: a route that is new is among them. */
final class KnownRoutes {
  private KnownRoutes() {}

  /** A route with an address of its own, as {@code /api/runs/:id}. */
  record Known(String path, Set<HttpMethod> methods) {
    boolean opensSocket() {
      return path.endsWith("/live") && path.startsWith("/api/");
    }
  }

  static List<Known> all() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Clock clock = Clock.systemUTC();
    Access access = Access.DEFAULTS;
    Vertx vertx = Vertx.vertx();
    try {
      WebVerticle web = new WebVerticle("127.0.0.1", 0, access, registry, clock, port -> {});
      web.init(vertx, vertx.getOrCreateContext());
      Router router =
          web.router(
              new Live(vertx, registry, clock, access.patience()),
              new Security(vertx, "127.0.0.1", true, access, registry, clock));
      List<Known> known = new ArrayList<>();
      for (Route route : router.getRoutes()) {
        if (route.getPath() != null && route.methods() != null && route.isExactPath()) {
          known.add(new Known(route.getPath(), route.methods()));
        }
      }
      return known;
    } finally {
      TestServer.await(vertx.close());
    }
  }
}
