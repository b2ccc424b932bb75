package dev.tandem.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * All that stands between the network and the routes, in the order in which a request meets it:
 * {@link Connections}, {@link Malformed}, {@link SameOrigin}, {@link TokenGuard}; then {@link
 * Allowance} and {@link Viewers} for those who start and follow runs.
 */
final class Security {
  /** A page that somebody draws on asks four times a second, and after each epoch. */
  private static final int ASKS_PER_MINUTE = 1200;

  private final Patience patience;
  private final Refusals refusals;
  private final Malformed malformed;
  private final Connections connections;
  private final SameOrigin sameOrigin;
  private final SessionRoutes sessions;
  private final TokenGuard guard;
  private final Viewers viewers;
  private final Allowance starts;
  private final Allowance asks = new Allowance(ASKS_PER_MINUTE, System::nanoTime);
  private final PageDelays delays;

  /**
   * @param host that the server listens on
   * @param loopback whether that can be reached from this machine alone
   */
  Security(
      Vertx vertx,
      String host,
      boolean loopback,
      Access access,
      MeterRegistry registry,
      Clock clock) {
    patience = new Patience(access.patience().toMillis());
    refusals = new Refusals(registry);
    malformed = new Malformed(refusals);
    connections = new Connections(access.connections(), patience, registry, refusals);
    sameOrigin = new SameOrigin(host, access.names(), loopback, refusals);
    Optional<Sessions> known = access.token().map(token -> new Sessions(token, clock));
    guard = new TokenGuard(known, access.everything(), refusals);
    sessions = new SessionRoutes(known, guard, access.everything());
    viewers = new Viewers(access.viewers(), patience, connections, guard, refusals);
    starts = new Allowance(access.startsPerMinute(), System::nanoTime);
    delays = new PageDelays(clock, guard::mayWatch, registry);
    connections.start(vertx);
    viewers.start(vertx);
  }

  HttpServerOptions bounded(HttpServerOptions options) {
    return options
        // No browser speaks HTTP/2 without TLS.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) patience.idle())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  HttpServer guard(HttpServer server) {
    return server.connectionHandler(connections::opened).invalidRequestHandler(malformed::answer);
  }

  /** Comes before all routes. */
  void mount(Router router) {
    malformed.mount(router);
    router.route().handler(connections::asked);
    sameOrigin.mount(router);
    router.route("/api/*").handler(Security::keepNowhere);
    router.route("/metrics").handler(Security::keepNowhere);
    sessions.mount(router);
    delays.mount(router);
    guard.mount(router);
    delays.mountClock(router);
  }

  /** What is true now may not be later, or be for the eyes of someone else. */
  private static void keepNowhere(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    context.next();
  }

  Refusals refusals() {
    return refusals;
  }

  /** Opens WebSockets. */
  Viewers viewers() {
    return viewers;
  }

  /** Questions to networks that a client may ask. */
  Allowance asks() {
    return asks;
  }

  /** Runs that a client may start. */
  Allowance starts() {
    return starts;
  }
}
