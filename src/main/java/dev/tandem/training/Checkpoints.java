package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessage.ForRun;
import dev.tandem.run.BusMessage.ForTraining;
import dev.tandem.run.BusMessage.Kept;
import dev.tandem.run.TrainingPlan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where trainings are to go on. While the store can't be read it is asked again, for as long
 * as that takes; a checkpoint that can't be read though the store can, or that can't be used, is
 * passed over: its training begins again, and ends the same. Belongs to the event loop of its
 * verticle.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final long RETRY_MILLIS = 500;

  /** Failures with the store being there, until a checkpoint counts as lost. */
  private static final int TRIES = 3;

  private final Vertx vertx;
  private final DiskWaits waits;
  private final long retryMillis;

  Checkpoints(Vertx vertx, DiskWaits waits) {
    this(vertx, waits, RETRY_MILLIS);
  }

  /**
   * @param retryMillis from a failure to the next try
   */
  Checkpoints(Vertx vertx, DiskWaits waits, long retryMillis) {
    this.vertx = vertx;
    this.waits = waits;
    this.retryMillis = retryMillis;
  }

  /**
   * Where a training is to go on; null to begin at the beginning, or when it has been asked to
   * stop.
   *
   * @param layout that its trainee understands
   */
  Future<Checkpoint> of(Job job, Layout layout) {
    if (!job.start().resume()) {
      return Future.succeededFuture();
    }
    DiskWaits.Wait wait = waits.begin();
    return read(job, TRIES).onComplete(read -> wait.end()).map(state -> usable(job, state, layout));
  }

  private Future<byte[]> read(Job job, int tries) {
    if (job.requestedEnd() != null) {
      return Future.succeededFuture();
    }
    BusMessage.Start start = job.start();
    return vertx
        .eventBus()
        .<Kept>request(Addresses.STORE_CHECKPOINT, new ForTraining(start.runId(), start.training()))
        .map(Message::body)
        .map(Kept::state)
        .recover(failure -> readAgain(job, tries, failure));
  }

  private Future<byte[]> readAgain(Job job, int tries, Throwable failure) {
    if (tries == TRIES) {
      warn(job, "its checkpoint can't be read yet: " + failure.getMessage());
    }
    return vertx
        .timer(retryMillis)
        .compose(later -> isStoreThere(job))
        .compose(
            there -> {
              int left = there ? tries - 1 : tries;
              if (left == 0) {
                warn(job, "its checkpoint can't be read, it begins again");
                return Future.succeededFuture();
              }
              return read(job, left);
            });
  }

  /** Whether something else of the run can be read. */
  private Future<Boolean> isStoreThere(Job job) {
    return vertx
        .eventBus()
        .request(Addresses.STORE_RUN, new ForRun(job.start().runId()))
        .map(true)
        .otherwise(false);
  }

  private static Checkpoint usable(Job job, byte[] state, Layout layout) {
    if (state == null) {
      return null;
    }
    try {
      TrainingPlan plan = job.start().plan();
      return Checkpoint.read(state, Shape.of(plan), layout, Learners.moments(plan.optimizer()));
    } catch (UnusableStateException e) {
      warn(job, "it begins again: " + e.getMessage());
      return null;
    }
  }

  private static void warn(Job job, String what) {
    LOG.warn("run {}, {}: {}", job.start().runId(), job.start().training(), what);
  }
}
