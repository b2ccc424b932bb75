package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells the coordinator what happens in one training. Losses are gathered and told every {@value
 * #INTERVAL_MILLIS} ms. At most {@value #UNACKNOWLEDGED} messages are not yet durable: beyond that
 * the training waits for the disk; it never waits for a viewer. Used by one thread.
 */
final class Reporter {
  private static final int INTERVAL_MILLIS = 20;
  private static final int UNACKNOWLEDGED = 64;

  /** How long a training is slowed by a disk that takes nothing before it gives up. */
  private static final int PATIENCE_MINUTES = 10;

  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(PATIENCE_MINUTES));

  private final EventBus bus;
  private final String runId;
  private final TrainingId training;
  private final DiskWaits waits;
  private final Semaphore free = new Semaphore(UNACKNOWLEDGED);
  private volatile Throwable refused;

  /** The newest message's answer: it comes after those to all messages before it. */
  private Future<?> told = Future.succeededFuture();

  private float[] losses = new float[64];
  private float[] seconds = new float[64];
  private int gathered;
  private long iteration;
  private long lastFlush;

  Reporter(EventBus bus, String runId, TrainingId training, DiskWaits waits) {
    this.bus = bus;
    this.runId = runId;
    this.training = training;
    this.waits = waits;
  }

  /** Iterations reported so far, so the last one's number. */
  long iteration() {
    return iteration;
  }

  /** Goes on from so many iterations, which were reported before. */
  void resume(long iterations) {
    iteration = iterations;
  }

  /** Completes once all that was told so far is durable. */
  Future<?> told() {
    return told;
  }

  /**
   * A step has just ended.
   *
   * @param loss the batch's mean, in nats
   * @param nanos how long the step took
   */
  void step(double loss, long nanos) {
    if (gathered == losses.length) {
      losses = Arrays.copyOf(losses, 2 * gathered);
      seconds = Arrays.copyOf(seconds, 2 * gathered);
    }
    losses[gathered] = (float) loss;
    seconds[gathered] = (float) (nanos / 1e9);
    gathered++;
    iteration++;
    long now = System.nanoTime();
    if (now - lastFlush >= TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS)) {
      flush();
      lastFlush = now;
    }
  }

  void epoch(EpochEnd end) {
    flush();
    tell(end);
  }

  void status(TrainingStatus status, String message) {
    flush();
    tell(new TrainingChange(0, training.variant(), training.repeat(), status, message));
  }

  /** Tells the losses that are still gathered. */
  void flush() {
    if (gathered > 0) {
      tell(
          new Steps(
              0,
              training.variant(),
              training.repeat(),
              iteration - gathered + 1,
              Arrays.copyOf(losses, gathered),
              System.currentTimeMillis(),
              Arrays.copyOf(seconds, gathered)));
      gathered = 0;
    }
  }

  private void tell(RunEvent event) {
    if (refused != null) {
      throw new IllegalStateException("the coordinator doesn't answer", refused);
    }
    acquire();
    told =
        bus.request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(runId, event), PATIENT)
            .onComplete(
                reply -> {
                  free.release();
                  if (reply.failed()) {
                    refused = reply.cause();
                  }
                });
  }

  private void acquire() {
    try {
      if (!waits.acquire(free, PATIENCE_MINUTES)) {
        throw new IllegalStateException("the coordinator is too slow");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the coordinator", e);
    }
  }
}
