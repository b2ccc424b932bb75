package dev.tandem.training;

import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.CancellationException;
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
    if (!job.take()) {
      return true;
    }
    try {
      train(compute, examples, from);
    } catch (CancellationException e) {
      reporter.status(job.asked(), null);
    } catch (DatasetException e) {
      reporter.status(TrainingStatus.FAILED, e.getMessage());
    } catch (OutOfMemoryError e) {
      LOG.warn("run {}, {}: out of memory", job.start().runId(), job.start().training(), e);
      if (!job.isAlone() && job.asked() == null) {
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
    RunSettings settings = job.start().ofTraining();
    Variant variant = job.start().variant();
    ExampleStore.Sets sets = examples.load(settings, new Waiting(job, reporter));
    try (Trainee trainee =
        compute.trainee(settings, variant, sets.training(), sets.test(), sets.classes())) {
      TrainingLoop loop =
          new TrainingLoop(
              settings,
              job.start().training(),
              trainee,
              reporter,
              new Keeper(bus, job.start(), reporter, waits),
              job.pace(),
              job::asked,
              job.questions());
      if (from != null) {
        loop.resume(from);
      }
      loop.run();
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
      return job.asked() != null;
    }
  }
}
