package dev.tandem.training;

import dev.tandem.data.DatasetList;
import dev.tandem.data.ExampleStore;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.dl4j.BackendUnavailableException;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains what it is asked to, each training on a worker thread of its own, side by side. */
public final class TrainingVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingVerticle.class);

  private static final String HELD =
      "Waits for memory until other trainings have ended: there is none for this one beside them.";

  private static final String OUT_OF_MEMORY =
      "Memory ran out beside other trainings: it goes on from its last checkpoint when they have ended.";

  private final BackendChoice backend;
  private final int workers;
  private final Callable<Memory> room;
  private final ExampleStore examples;
  private final DiskWaits waits;
  private final List<Job> jobs = new ArrayList<>();
  private final WarmUp warmUp = new WarmUp();
  private final Admission admission;
  private Checkpoints checkpoints;
  private WorkerExecutor executor;
  private Answers answers;
  private Future<Memory> memory;
  private Future<Compute> compute;
  private Future<?> warm = Future.succeededFuture();

  /**
   * @param backend what is to compute
   * @param workers trainings at a time; more of them wait
   * @param datasetFolder the operator's own datasets, a folder for each; or MNIST's four files
   * @param datasetCache where downloaded files are kept, a folder for each dataset; made when first
   *     needed
   * @param mirrors http or https addresses of the public files; empty for the usual ones
   */
  public TrainingVerticle(
      BackendChoice backend,
      int workers,
      Optional<Path> datasetFolder,
      Path datasetCache,
      List<URI> mirrors,
      MeterRegistry registry) {
    this(backend, workers, datasetFolder, datasetCache, mirrors, registry, Compute::memory);
  }

  /**
   * @param room finds out how much memory there is for trainings
   */
  TrainingVerticle(
      BackendChoice backend,
      int workers,
      Optional<Path> datasetFolder,
      Path datasetCache,
      List<URI> mirrors,
      MeterRegistry registry,
      Callable<Memory> room) {
    this.backend = backend;
    this.room = room;
    this.workers = workers;
    this.admission = new Admission(workers);
    this.waits = new DiskWaits(registry);
    this.examples = ExampleStore.of(datasetFolder, datasetCache, mirrors, () -> vertx);
  }

  @Override
  public Future<?> start() {
    // A training may take hours: the pool's own alarm for blocked threads is no use here.
    executor = vertx.createSharedWorkerExecutor("tandem-training", workers, 365, TimeUnit.DAYS);
    var bus = vertx.eventBus();
    checkpoints = new Checkpoints(vertx, waits);
    answers = new Answers(vertx, examples, this::job, () -> compute);
    return Future.all(
            bus.<BusMessage.Start>consumer(Addresses.TRAINING_START, this::start).completion(),
            bus.<BusMessage.Stop>consumer(Addresses.TRAINING_STOP, this::stop).completion(),
            bus.<BusMessage.Pace>consumer(Addresses.TRAINING_PACE, this::pace).completion(),
            bus.<BusMessage.AskRoom>consumer(Addresses.TRAINING_ROOM, this::room).completion(),
            new Downloads(vertx, () -> compute).start(),
            answers.start())
        .compose(listening -> new DatasetList(vertx, examples).start())
        .onSuccess(listening -> startCompute())
        // Whoever insists on a GPU is told at once if there is none.
        .compose(
            started ->
                backend == BackendChoice.CUDA ? compute.mapEmpty() : Future.succeededFuture());
  }

  /** Not waited for: the server serves before ND4J is there, and trainings wait for it. */
  private void startCompute() {
    memory = executor.executeBlocking(room, false).onSuccess(admission::bound);
    compute =
        memory
            .otherwiseEmpty()
            .compose(bound -> executor.executeBlocking(() -> Compute.start(backend), false));
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
              if (failure instanceof BackendUnavailableException) {
                LOG.error("Tandem {}", why);
              } else {
                LOG.error("ND4J does not start", failure);
                why = "ND4J does not start: " + failure;
              }
              vertx
                  .eventBus()
                  .publish(Addresses.BACKEND, new BusMessage.Backend("none", why, false));
            });
  }

  /** Whether there is memory for a run, on this server at all. */
  private void room(Message<BusMessage.AskRoom> request) {
    memory
        .map(all -> MemoryCheck.of(request.body().settings(), all))
        // Why there is no JavaCPP, those who train are told.
        .otherwise(BusMessage.Room.ENOUGH)
        .onSuccess(request::reply);
  }

  /** Completes when no thread computes any more: each still has its end to tell an event loop. */
  @Override
  public Future<?> stop() {
    warmUp.stop();
    return compute
        .otherwiseEmpty()
        .compose(started -> warm.otherwiseEmpty())
        .compose(cold -> Future.join(jobs.stream().map(Job::finished).toList()))
        .compose(left -> answers.stop());
  }

  private void start(Message<BusMessage.Start> request) {
    warmUp.stop();
    begin(new Job(request.body()));
    request.reply(null);
  }

  private void begin(Job job) {
    jobs.add(job);
    compute
        .compose(ready -> whenThereIsRoom(job, ready))
        .onFailure(failure -> fail(job, failure))
        .onComplete(
            ended -> {
              jobs.remove(job);
              if (ended.succeeded() && !ended.result()) {
                tryAgain(job);
              }
              answers.ended(job);
              job.finish();
              if (jobs.isEmpty()) {
                vertx
                    .executeBlocking(NativeMemory::trim)
                    .onFailure(failure -> LOG.debug("the native heap was not trimmed", failure));
              }
            });
  }

  /** False if memory ran out beside other trainings. */
  private Future<Boolean> whenThereIsRoom(Job job, Compute ready) {
    BusMessage.Start start = job.start();
    Optional<String> fault = MemoryCheck.fault(start.plan(), admission.room());
    if (fault.isPresent()) {
      end(job, TrainingStatus.FAILED, fault.get());
      return Future.succeededFuture(true);
    }
    Admission.Needs needs = Memory.needs(start.plan(), job.isAlone());
    return admission
        .enter(job, needs, () -> reporter(job).status(TrainingStatus.QUEUED, HELD))
        .compose(
            in ->
                in
                    ? train(job, ready).onComplete(out -> admission.leave(job))
                    : Future.succeededFuture(true));
  }

  private Future<Boolean> train(Job job, Compute ready) {
    return checkpoints
        .of(job, ready.layout(job.start().plan()))
        .compose(
            from -> {
              TrainingTask task = new TrainingTask(vertx.eventBus(), job, reporter(job), waits);
              return executor.executeBlocking(() -> task.run(ready, examples, from), false);
            });
  }

  private void tryAgain(Job job) {
    Job again = job.again();
    reporter(again).status(TrainingStatus.QUEUED, OUT_OF_MEMORY);
    begin(again);
  }

  private Optional<Job> job(String runId, TrainingId training) {
    return jobs.stream().filter(job -> job.isOf(runId, training)).findFirst();
  }

  private void stop(Message<BusMessage.Stop> request) {
    for (Job job : List.copyOf(jobs)) {
      if (job.start().runId().equals(request.body().runId())) {
        job.requestEnd(request.body().status());
        end(job, request.body().status(), null);
      }
    }
  }

  /** Ends one that no worker has begun, so that there is none to report its end. */
  private void end(Job job, TrainingStatus status, String message) {
    if (job.claim()) {
      reporter(job).status(status, message);
      admission.giveUp(job);
    }
  }

  private void pace(Message<BusMessage.Pace> told) {
    for (Job job : jobs) {
      if (job.start().runId().equals(told.body().runId())) {
        job.pace().set(told.body().iterationsPerSecond());
      }
    }
  }

  private void fail(Job job, Throwable failure) {
    if (failure instanceof BackendUnavailableException) {
      reporter(job).status(TrainingStatus.FAILED, "Tandem " + failure.getMessage() + ".");
      return;
    }
    LOG.error("run {}, {} failed", job.start().runId(), job.start().training(), failure);
    reporter(job)
        .status(
            TrainingStatus.FAILED,
            "The training stopped on a fault of the program (%s). The server's log says more."
                .formatted(failure.getClass().getSimpleName()));
  }

  private Reporter reporter(Job job) {
    return new Reporter(
        vertx.eventBus(),
        job.start().runId(),
        job.start().training(),
        waits,
        () -> job.requestedEnd() != null);
  }
}
