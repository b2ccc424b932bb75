package dev.tandem;

import dev.tandem.coordinator.RunCoordinator;
import dev.tandem.metrics.ProcessMetrics;
import dev.tandem.metrics.RunMetrics;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Limits;
import dev.tandem.run.Runs;
import dev.tandem.store.StoreVerticle;
import dev.tandem.training.NativeMemory;
import dev.tandem.training.TrainingVerticle;
import dev.tandem.web.WebVerticle;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A whole Tandem in this process. */
public final class Server {
  private static final int QUEUED_RUNS = 20;

  /**
   * One for the coordinator and the store, one for the web: what follows the same event on the same
   * loop wakes no other thread, on cores that train.
   */
  private static final int EVENT_LOOPS = 2;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final Vertx vertx;
  private final ProcessMetrics process;
  private volatile String coordinator;
  private volatile int port;

  private Server(Vertx vertx, ProcessMetrics process) {
    this.vertx = vertx;
    this.process = process;
  }

  /** Starts everything; the future completes when it serves. */
  public static Future<Server> start(Settings settings) {
    return start(settings, Clock.systemUTC());
  }

  /**
   * @param clock what time it is for runs and sessions
   */
  static Future<Server> start(Settings settings, Clock clock) {
    return start(settings, clock, BusMessageCodec::register);
  }

  /**
   * @param clock what time it is for runs and sessions
   * @param codec teaches the event bus to carry messages
   */
  static Future<Server> start(Settings settings, Clock clock, Consumer<Vertx> codec) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // Clients can make up methods: their number has no bound.
    registry
        .config()
        .meterFilter(
            MeterFilter.replaceTagValues(
                "method", method -> METHODS.contains(method) ? method : "other"));
    ProcessMetrics process = ProcessMetrics.bindTo(registry);
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setEventLoopPoolSize(EVENT_LOOPS)
                    .setMetricsOptions(
                        new MicrometerMetricsOptions()
                            .setEnabled(true)
                            // No paths nor addresses: their values have no bound.
                            .setLabels(
                                EnumSet.of(
                                    Label.HTTP_METHOD,
                                    Label.HTTP_CODE,
                                    Label.HTTP_ROUTE,
                                    Label.POOL_TYPE,
                                    Label.POOL_NAME,
                                    Label.EB_ADDRESS))))
            .withMetrics(new MicrometerMetricsFactory(registry))
            .build();
    codec.accept(vertx);
    AtomicReference<BusMessage.Backend> backend = new AtomicReference<>();
    vertx
        .eventBus()
        .<BusMessage.Backend>consumer(
            Addresses.BACKEND,
            told -> {
              backend.set(told.body());
              if (told.body().works()) {
                NativeMemory.bindTo(registry);
              }
            });
    Server server = new Server(vertx, process);
    Limits limits = new Limits(settings.activeRuns(), QUEUED_RUNS);
    return vertx
        .deployVerticle(
            new StoreVerticle(
                settings.dataDir(), settings.database(), settings.keepRuns(), registry))
        .compose(deployed -> vertx.deployVerticle(new RunMetrics(registry, limits)))
        .compose(
            deployed ->
                vertx.deployVerticle(
                    new TrainingVerticle(
                        settings.backend(),
                        settings.workers(),
                        settings.datasets(),
                        settings.dataDir().resolve("datasets"),
                        settings.mirrors(),
                        registry)))
        .compose(deployed -> vertx.deployVerticle(new RunCoordinator(limits, clock)))
        .onSuccess(id -> server.coordinator = id)
        .compose(
            deployed ->
                vertx.deployVerticle(
                    new WebVerticle(
                        settings.host(),
                        settings.port(),
                        settings.access(),
                        registry,
                        clock,
                        open -> server.port = open)))
        .onSuccess(deployed -> tellAgain(vertx, backend.get()))
        .compose(deployed -> new Runs(vertx).recover(settings.resume()))
        .map(server)
        .onFailure(failure -> server.close());
  }

  /** The web came later than who trains, and may have missed it. */
  private static void tellAgain(Vertx vertx, BusMessage.Backend backend) {
    if (backend != null) {
      vertx.eventBus().publish(Addresses.BACKEND, backend);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Has what trains keep its state, then ends everything. The runs go on at the next start. */
  public CompletionStage<Void> close() {
    process.close();
    Future<Void> trainingsEnded =
        coordinator == null ? Future.succeededFuture() : vertx.undeploy(coordinator);
    // Off the event loops: they are gone before the close is complete.
    return trainingsEnded
        .toCompletionStage()
        .handleAsync((ended, failure) -> vertx.close().toCompletionStage())
        .thenCompose(closing -> closing);
  }
}
