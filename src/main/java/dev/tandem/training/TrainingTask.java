package dev.tandem.training;

import dev.tandem.data.DatasetException;
import dev.tandem.data.ExampleStore;
import dev.tandem.data.Progress;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.DataFingerprint;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training on its worker thread: from its images to its end. */
final class TrainingTask {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);

  private final EventBus bus;
  private final Job job;
  private final Reporter reporter;
  private final DiskWaits waits;

  /**
   * @param reporter of this training
   */
  TrainingTask(EventBus bus, Job job, Reporter reporter, DiskWaits waits) {
    this.bus = bus;
    this.job = job;
    this.reporter = reporter;
    this.waits = waits;
  }

  /**
   * Trains. Blocks.
   *
   * @param from where to go on; null for the beginning
   * @return false if memory ran out beside other trainings: it is to be tried again without them
   */
  boolean run(Compute compute, ExampleStore examples, Checkpoint from) {
    if (!job.claim()) {
      return true;
    }
    try {
      train(compute, examples, from);
    } catch (CancellationException e) {
      reporter.status(job.requestedEnd(), null);
    } catch (DatasetException e) {
      if (job.start().resume()) {
        hold(e.getMessage());
      } else {
        reporter.status(TrainingStatus.FAILED, e.getMessage());
      }
    } catch (OutOfMemoryError e) {
      LOG.warn("run {}, {}: out of memory", job.start().runId(), job.start().training(), e);
      if (!job.isAlone() && job.requestedEnd() == null) {
        return false;
      }
      reporter.status(
          TrainingStatus.FAILED,
          "The server has too little memory for this training. Try smaller layers or batches.");
    } finally {
      job.questions().close();
    }
    return true;
  }

  private void train(Compute compute, ExampleStore examples, Checkpoint from)
      throws DatasetException {
    TrainingPlan plan = job.start().plan();
    ExampleStore.Sets sets = examples.load(plan.data(), new Waiting(job, reporter));
    if (sets.classes() != plan.data().classes()) {
      throw new DatasetException(
          "This run was asked for when %s had %d classes, and it has %d now. Start it again."
              .formatted(plan.data().dataset(), plan.data().classes(), sets.classes()));
    }
    requireDataOfRun(sets.fingerprint());
    try (Trainee trainee = compute.trainee(plan, sets.training(), sets.test(), sets.classes())) {
      TrainingLoop loop =
          new TrainingLoop(
              plan,
              job.start().training(),
              trainee,
              reporter,
              new StateSaver(bus, job.start(), reporter, waits),
              job.pace(),
              job::requestedEnd,
              job.questions());
      if (from != null) {
        loop.resume(from);
      }
      loop.run(compute.note(plan));
    }
  }

  /** On other images than the run was begun on, its curves would go on as those of another run. */
  private void requireDataOfRun(DataFingerprint here) throws DatasetException {
    BusMessage.OnData told =
        answer(Addresses.TRAINING_DATA, new BusMessage.OnData(job.start().runId(), here));
    if (!here.isOfSameImages(told.data())) {
      throw new DatasetException(
          ("This run was begun on other images (%s) than this server has (%s). To go on with it,"
                  + " start Tandem with the --datasets that it was begun with, or without if it had"
                  + " none.")
              .formatted(told.data().words(), here.words()));
    }
  }

  /** A training of which much may be done is not given up for a wrong flag or a missing disk. */
  private void hold(String why) {
    BusMessage.Start start = job.start();
    answer(Addresses.TRAINING_HELD, new BusMessage.Held(start.runId(), start.training(), why));
    if (job.requestedEnd() != null) {
      reporter.status(job.requestedEnd(), null);
    }
  }

  /** What the coordinator answers; waits for that on a worker thread. */
  private <T> T answer(String address, BusMessage question) {
    try {
      return bus.<T>request(address, question)
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

  /** Shows a download's progress as the message of a training that waits. */
  private record Waiting(Job job, Reporter reporter) implements Progress {
    @Override
    public void message(String text) {
      reporter.status(TrainingStatus.QUEUED, text);
    }

    @Override
    public boolean cancelled() {
      return job.requestedEnd() != null;
    }
  }
}
