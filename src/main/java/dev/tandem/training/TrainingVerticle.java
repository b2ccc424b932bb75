package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.DataFingerprint;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains what it is asked to, each training on a worker thread of its own, side by side. */
public final class TrainingVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingVerticle.class);

  private final BackendChoice backend;
  private final int workers;
  private final ExampleStore examples;
  private final DiskWaits waits;
  private final List<Job> jobs = new ArrayList<>();
  private final WarmUp warmUp = new WarmUp();
  private WorkerExecutor executor;
  private Answers answers;
  private Future<Compute> compute;
  private Future<?> warm = Future.succeededFuture();

  /**
   * @param backend what is to compute
   * @param workers trainings at a time; more of them wait
   * @param datasetFolder a folder of IDX files to use in place of the embedded and public ones
   * @param datasetCache where downloaded files are kept; made when first needed
   * @param mirrors http or https addresses of the public files; empty for the usual ones
   */
  public TrainingVerticle(
      BackendChoice backend,
      int workers,
      Optional<Path> datasetFolder,
      Path datasetCache,
      List<URI> mirrors,
      MeterRegistry registry) {
    this.backend = backend;
    this.workers = workers;
    this.waits = new DiskWaits(registry);
    this.examples =
        new ExampleStore(
            new Datasets(
                new DatasetSettings(
                    datasetFolder,
                    datasetCache,
                    mirrors.isEmpty() ? DatasetSettings.PUBLIC_MIRRORS : mirrors),
                () -> new Download(vertx, DatasetSettings.PATIENT, new Proxies(System.getenv()))));
  }

  @Override
  public Future<?> start() {
    // A training may take hours: the pool's own alarm for blocked threads is no use here.
    executor = vertx.createSharedWorkerExecutor("tandem-training", workers, 365, TimeUnit.DAYS);
    var bus = vertx.eventBus();
    answers = new Answers(vertx, examples, this::job, () -> compute);
    return Future.all(
            bus.<BusMessage.Start>consumer(Addresses.TRAINING_START, this::begin).completion(),
            bus.<BusMessage.Stop>consumer(Addresses.TRAINING_STOP, this::stop).completion(),
            bus.<BusMessage.Pace>consumer(Addresses.TRAINING_PACE, this::pace).completion(),
            bus.<BusMessage.ForTraining>consumer(Addresses.TRAINING_MODEL, this::model)
                .completion(),
            answers.start())
        .onSuccess(listening -> startCompute())
        // Whoever insists on a GPU is told at once if there is none.
        .compose(
            started ->
                backend == BackendChoice.CUDA ? compute.mapEmpty() : Future.succeededFuture());
  }

  /** Not waited for: the server serves before ND4J is there, and trainings wait for it. */
  private void startCompute() {
    compute = executor.executeBlocking(() -> Compute.start(backend), false);
    compute
        .onSuccess(
            started -> {
              vertx.eventBus().publish(Addresses.BACKEND, started.describe());
              warm =
                  executor
                      .executeBlocking(() -> warmUp.run(started), false)
                      .onFailure(failure -> LOG.warn("could not warm up", failure));
            })
        .onFailure(
            failure -> {
              String why = failure.getMessage();
              if (!(failure instanceof BackendUnavailableException)) {
                LOG.error("ND4J does not start", failure);
                why = "ND4J does not start: " + failure;
              }
              vertx
                  .eventBus()
                  .publish(Addresses.BACKEND, new BusMessage.Backend("none", why, false));
            });
  }

  /** Completes when no thread computes any more: each still has its end to tell an event loop. */
  @Override
  public Future<?> stop() {
    warmUp.stop();
    return compute
        .otherwiseEmpty()
        .compose(started -> warm.otherwiseEmpty())
        .compose(cold -> Future.join(jobs.stream().map(Job::left).toList()))
        .compose(left -> answers.stop());
  }

  private void begin(Message<BusMessage.Start> request) {
    warmUp.stop();
    Job job = new Job(request.body());
    jobs.add(job);
    compute
        .compose(
            ready ->
                checkpoint(job.start())
                    .compose(
                        from -> executor.executeBlocking(() -> train(job, ready, from), false)))
        .onFailure(failure -> fail(job, failure))
        .onComplete(
            ended -> {
              jobs.remove(job);
              answers.ended(job);
              job.leave();
              if (jobs.isEmpty()) {
                vertx
                    .executeBlocking(NativeMemory::trim)
                    .onFailure(failure -> LOG.debug("the native heap was not trimmed", failure));
              }
            });
    request.reply(null);
  }

  /** Where to go on from, or null to begin at the beginning. */
  private Future<Checkpoint> checkpoint(BusMessage.Start start) {
    return start.resume()
        ? kept(Addresses.STORE_CHECKPOINT, start.runId(), start.training())
            .map(kept -> kept.state() == null ? null : usable(start, kept.state()))
        : Future.succeededFuture();
  }

  private static Checkpoint usable(BusMessage.Start start, byte[] state) {
    Checkpoint checkpoint = Checkpoint.read(state);
    if (checkpoint == null) {
      LOG.warn(
          "run {}, {}: its checkpoint can't be used, it begins again",
          start.runId(),
          start.training());
    }
    return checkpoint;
  }

  private Future<BusMessage.Kept> kept(String address, String runId, TrainingId training) {
    return vertx
        .eventBus()
        .<BusMessage.Kept>request(address, new BusMessage.ForTraining(runId, training))
        .map(Message::body);
  }

  /** Answers with the trained network as a zip, or without one if it isn't kept. */
  private void model(Message<BusMessage.ForTraining> request) {
    TrainingId training = request.body().training();
    kept(Addresses.STORE_MODEL, request.body().runId(), training)
        .compose(
            kept ->
                kept.state() == null
                    ? Future.succeededFuture(kept)
                    : compute.compose(
                        ready -> vertx.executeBlocking(() -> zip(ready, kept, training), false)))
        .onSuccess(request::reply)
        .onFailure(
            failure -> {
              LOG.error("model of run {}, {}", request.body().runId(), training, failure);
              request.fail(-1, String.valueOf(failure.getMessage()));
            });
  }

  private static BusMessage.Kept zip(Compute ready, BusMessage.Kept kept, TrainingId training)
      throws IOException {
    RunSettings settings = kept.run().settings().ofRepeat(training.repeat());
    Variant variant = settings.variant(training.variant());
    return new BusMessage.Kept(kept.run(), ModelFile.zip(ready, settings, variant, kept.state()));
  }

  private Optional<Job> job(String runId, TrainingId training) {
    return jobs.stream().filter(job -> job.isOf(runId, training)).findFirst();
  }

  private void stop(Message<BusMessage.Stop> request) {
    for (Job job : jobs) {
      if (job.start().runId().equals(request.body().runId())) {
        job.ask(request.body().status());
        if (job.take()) {
          // No worker has begun it, so there is none to report its end.
          reporter(job).status(request.body().status(), null);
        }
      }
    }
  }

  private void pace(Message<BusMessage.Pace> told) {
    for (Job job : jobs) {
      if (job.start().runId().equals(told.body().runId())) {
        job.pace().set(told.body().iterationsPerSecond());
      }
    }
  }

  /** On a worker thread. */
  private Void train(Job job, Compute ready, Checkpoint from) {
    if (!job.take()) {
      return null;
    }
    Reporter reporter = reporter(job);
    RunSettings settings = job.start().ofTraining();
    Variant variant = job.start().variant();
    try {
      ExampleStore.Sets sets = examples.load(settings, new Waiting(job, reporter));
      requireDataOfRun(job, sets.fingerprint());
      try (Trainee trainee =
          ready.trainee(settings, variant, sets.training(), sets.test(), sets.classes())) {
        Keeper keeper = new Keeper(vertx.eventBus(), job.start(), reporter);
        TrainingLoop loop =
            new TrainingLoop(
                settings,
                job.start().training(),
                trainee,
                reporter,
                keeper,
                job.pace(),
                job::asked,
                job.questions());
        if (from != null) {
          loop.resume(from);
        }
        loop.run();
      }
    } catch (CancellationException e) {
      reporter.status(job.asked(), null);
    } catch (DatasetException e) {
      if (job.start().resume()) {
        hold(job, reporter, e.getMessage());
      } else {
        reporter.status(TrainingStatus.FAILED, e.getMessage());
      }
    } catch (OutOfMemoryError e) {
      LOG.error("run {}, {}: out of memory", job.start().runId(), job.start().training(), e);
      reporter.status(
          TrainingStatus.FAILED,
          "The server has too little memory for this training. Try smaller layers or batches.");
    } finally {
      job.questions().close();
    }
    return null;
  }

  /** On other images than the run was begun on, its curves would go on as those of another run. */
  private void requireDataOfRun(Job job, DataFingerprint here) throws DatasetException {
    BusMessage.OnData told =
        answer(Addresses.TRAINING_DATA, new BusMessage.OnData(job.start().runId(), here));
    if (!here.equals(told.data())) {
      throw new DatasetException(
          ("This run was begun on other images (%s) than this server has (%s). To go on with it,"
                  + " start Tandem with the --datasets that it was begun with, or without if it had"
                  + " none.")
              .formatted(told.data().words(), here.words()));
    }
  }

  /** A training of which much may be done is not given up for a wrong flag or a missing disk. */
  private void hold(Job job, Reporter reporter, String why) {
    BusMessage.Start start = job.start();
    answer(Addresses.TRAINING_HELD, new BusMessage.Held(start.runId(), start.training(), why));
    if (job.asked() != null) {
      reporter.status(job.asked(), null);
    }
  }

  /** What the coordinator answers; waits for that on a worker thread. */
  private <T> T answer(String address, BusMessage question) {
    try {
      return vertx
          .eventBus()
          .<T>request(address, question)
          .map(Message::body)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the coordinator doesn't answer", e);
    }
  }

  private void fail(Job job, Throwable failure) {
    LOG.error("run {}, {} failed", job.start().runId(), job.start().training(), failure);
    reporter(job)
        .status(
            TrainingStatus.FAILED,
            "The training stopped on a fault of the program (%s). The server's log says more."
                .formatted(failure.getClass().getSimpleName()));
  }

  private Reporter reporter(Job job) {
    return new Reporter(vertx.eventBus(), job.start().runId(), job.start().training(), waits);
  }

  /** Shows a download's progress as the message of a training that waits. */
  private record Waiting(Job job, Reporter reporter) implements Progress {
    @Override
    public void message(String text) {
      reporter.status(TrainingStatus.QUEUED, text);
    }

    @Override
    public boolean cancelled() {
      return job.asked() != null;
    }
  }
}
