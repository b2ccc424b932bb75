package dev.tandem.web;

import dev.tandem.live.Live;
import dev.tandem.run.Runs;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: API, WebSockets, metrics and the page. */
public final class WebVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);
  private static final int SEND_BUFFER = 128 * 1024;

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
    Live live = new Live(vertx, registry, clock, access.patience().multipliedBy(3));
    return live.start()
        .compose(heard -> vertx.executeBlocking(() -> Access.isLoopback(host)))
        .compose(
            loopback -> {
              Security security = new Security(vertx, host, loopback, access, registry, clock);
              return security
                  .guard(vertx.createHttpServer(security.bounded(options())))
                  .requestHandler(router(live, security))
                  .listen(port, host);
            })
        .onSuccess(
            server -> {
              listening.accept(server.actualPort());
              // So that the first request doesn't wait for the validator's classes.
              new Runs(vertx)
                  .datasets()
                  .compose(
                      there ->
                          vertx.executeBlocking(
                              () -> new RunRequest(there).settings(new JsonObject())))
                  .onFailure(failure -> LOG.debug("the schema was not warmed up", failure));
            });
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setCompressionSupported(true)
        // Small frames to many clients: compressing each anew costs more than it saves.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        // For each client that reads slowly the system keeps this much, not some megabytes.
        .setSendBufferSize(SEND_BUFFER)
        .setMaxWebSocketFrameSize(64 * 1024)
        .setMaxWebSocketMessageSize(256 * 1024);
  }

  /** All that it answers to. */
  Router router(Live live, Security security) {
    Runs runs = new Runs(vertx);
    Router router = Router.router(vertx);
    PageRoutes page = new PageRoutes();
    page.headers(router);
    new BasePath(access.basePath()).mount(router);
    Methods.mount(router);
    security.mount(router);
    new RunRoutes(runs, security.starts(), security.refusals()).mount(router);
    new LabelRoutes(runs).mount(router);
    new ModelRoutes(runs).mount(router);
    new DatasetRoutes(runs).mount(router);
    new NetworkRoutes(runs, security.asks(), security.refusals()).mount(router);
    new LiveRoutes(live, security.viewers()).mount(router);
    new OperatorRoutes(vertx, runs, registry).mount(router);
    Methods.complete(router);
    page.mount(router);
    router.errorHandler(
        400, context -> error(context, 400, "Bad request", "This request is malformed."));
    router.errorHandler(
        404, context -> error(context, 404, "Not found", "There is nothing at this address."));
    router.errorHandler(405, context -> Methods.refuse(context, PageRoutes.METHODS));
    router.errorHandler(
        413,
        context ->
            error(context, 413, "Content too large", "A request may be at most 64 KiB long."));
    router.errorHandler(500, WebVerticle::unexpected);
    // That is how Vert.x says that the client has gone before its request was whole.
    router.errorHandler(200, context -> LOG.debug("a client has gone", context.failure()));
    return router;
  }

  private static void unexpected(RoutingContext context) {
    if (context.response().headWritten()) {
      // Most likely the client has gone: no mistake, and no trace in the log that anyone can cause.
      LOG.debug("cut short: {}", context.request().path(), context.failure());
      return;
    }
    LOG.error("{} {}", context.request().method(), context.request().path(), context.failure());
    error(context, 500, "Internal error", "The server made a mistake. Its log says more.");
  }

  private static void error(RoutingContext context, int status, String title, String detail) {
    Problem.of(status, title, detail).answer(context);
  }
}
