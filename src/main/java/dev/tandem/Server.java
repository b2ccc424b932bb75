package dev.tandem;

import dev.tandem.metrics.RunMetrics;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Limits;
import dev.tandem.run.RunCoordinator;
import dev.tandem.run.Runs;
import dev.tandem.store.StoreVerticle;
import dev.tandem.training.TrainingVerticle;
import dev.tandem.web.WebVerticle;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
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
import java.util.concurrent.CompletionStage;

/** A whole Tandem in this process. */
public final class Server {
  private static final int QUEUED_RUNS = 20;

  private final Vertx vertx;
  private final JvmGcMetrics gc;
  private volatile String coordinator;
  private volatile int port;

  private Server(Vertx vertx, JvmGcMetrics gc) {
    this.vertx = vertx;
    this.gc = gc;
  }

  /** Starts everything; the future completes when it serves. */
  public static Future<Server> start(Settings settings) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    JvmGcMetrics gc = bindProcessMetrics(registry);
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
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
    BusMessageCodec.register(vertx);
    Clock clock = Clock.systemUTC();
    Server server = new Server(vertx, gc);
    Limits limits = new Limits(settings.activeRuns(), QUEUED_RUNS);
    return vertx
        .deployVerticle(new RunMetrics(registry))
        .compose(
            deployed ->
                vertx.deployVerticle(
                    new StoreVerticle(
                        settings.dataDir(), settings.database(), settings.keepRuns(), registry)))
        .compose(
            deployed ->
                vertx.deployVerticle(
                    new TrainingVerticle(
                        settings.workers(),
                        settings.datasets(),
                        settings.dataDir().resolve("datasets").resolve("mnist"),
                        settings.mirrors())))
        .compose(deployed -> vertx.deployVerticle(new RunCoordinator(limits, clock)))
        .onSuccess(id -> server.coordinator = id)
        .compose(
            deployed ->
                vertx.deployVerticle(
                    new WebVerticle(
                        settings.host(),
                        settings.port(),
                        registry,
                        clock,
                        open -> server.port = open)))
        .compose(deployed -> new Runs(vertx).recover(settings.resume()))
        .map(server)
        .onFailure(failure -> server.close());
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Has what trains keep its state, then ends everything. The runs go on at the next start. */
  public CompletionStage<Void> close() {
    gc.close();
    Future<Void> trainingsEnded =
        coordinator == null ? Future.succeededFuture() : vertx.undeploy(coordinator);
    // Off the event loops: they are gone before the close is complete.
    return trainingsEnded
        .toCompletionStage()
        .handleAsync((ended, failure) -> vertx.close().toCompletionStage())
        .thenCompose(closing -> closing);
  }

  private static JvmGcMetrics bindProcessMetrics(PrometheusMeterRegistry registry) {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    JvmGcMetrics gc = new JvmGcMetrics();
    gc.bindTo(registry);
    return gc;
  }
}
