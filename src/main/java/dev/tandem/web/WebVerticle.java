package dev.tandem.web;

import dev.tandem.live.Live;
import dev.tandem.run.Runs;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: API, WebSockets, metrics and the page. */
public final class WebVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);

  private final String host;
  private final int port;
  private final Access access;
  private final PrometheusMeterRegistry registry;
  private final Clock clock;
  private final IntConsumer listening;

  /**
   * @param port to listen on; 0 for any free one
   * @param listening is told the port once it is open
   */
  public WebVerticle(
      String host,
      int port,
      Access access,
      PrometheusMeterRegistry registry,
      Clock clock,
      IntConsumer listening) {
    this.host = host;
    this.port = port;
    this.access = access;
    this.registry = registry;
    this.clock = clock;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    Live live = new Live(vertx, registry, clock);
    Refusals refusals = new Refusals(registry);
    Patience patience = new Patience(access.patienceMillis());
    Connections connections = new Connections(access.connections(), patience, registry, refusals);
    connections.start(vertx);
    return live.start()
        .compose(heard -> vertx.executeBlocking(() -> isLoopback(host)))
        .compose(
            loopback ->
                vertx
                    .createHttpServer(options(patience))
                    .connectionHandler(connections::opened)
                    .invalidRequestHandler(new Malformed(refusals)::answer)
                    .requestHandler(router(live, connections, patience, refusals, loopback))
                    .listen(port, host))
        .onSuccess(server -> listening.accept(server.actualPort()));
  }

  /** Whether an address is reachable from this machine alone, or not at all. */
  public static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return true;
    }
  }

  private static HttpServerOptions options(Patience patience) {
    return new HttpServerOptions()
        // No browser speaks HTTP/2 without TLS.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) patience.idle())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setCompressionSupported(true)
        // Small frames to many clients: compressing each anew costs more than it saves.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(64 * 1024)
        .setMaxWebSocketMessageSize(256 * 1024);
  }

  private Router router(
      Live live, Connections connections, Patience patience, Refusals refusals, boolean loopback) {
    Runs runs = new Runs(vertx);
    Router router = Router.router(vertx);
    PageRoutes page = new PageRoutes();
    page.headers(router);
    router.route().handler(connections::asked);
    new SameOrigin(host, access.names(), loopback, refusals).mount(router);
    Optional<Sessions> sessions = access.token().map(token -> new Sessions(token, clock));
    TokenGuard guard = new TokenGuard(sessions, access.everything(), refusals);
    new SessionRoutes(sessions, guard, access.everything()).mount(router);
    guard.mount(router);
    Viewers viewers = new Viewers(access.viewers(), patience, connections, guard, refusals);
    viewers.start(vertx);
    Allowance starts = new Allowance(access.startsPerMinute(), System::nanoTime);
    new RunRoutes(runs, starts, refusals).mount(router);
    new LiveRoutes(live, viewers).mount(router);
    new OperatorRoutes(vertx, runs, registry).mount(router);
    page.mount(router);
    router.errorHandler(
        400, context -> error(context, 400, "Bad request", "This request is malformed."));
    router.errorHandler(
        404, context -> error(context, 404, "Not found", "There is nothing at this address."));
    router.errorHandler(
        405,
        context ->
            error(
                context,
                405,
                "Method not allowed",
                "This address does not answer to " + context.request().method() + "."));
    router.errorHandler(
        413,
        context ->
            error(context, 413, "Content too large", "A request may be at most 64 KiB long."));
    router.errorHandler(500, WebVerticle::unexpected);
    return router;
  }

  private static void unexpected(RoutingContext context) {
    LOG.error("{} {}", context.request().method(), context.request().path(), context.failure());
    error(context, 500, "Internal error", "The server made a mistake. Its log says more.");
  }

  private static void error(RoutingContext context, int status, String title, String detail) {
    Problem.of(status, title, detail).answer(context);
  }
}
