package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.eventbus.EventBus;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells the coordinator what happens in one training. Losses are gathered and told every {@value
 * #INTERVAL_MILLIS} ms. At most {@value #UNACKNOWLEDGED} messages are under way: beyond that the
 * training waits for the coordinator, and fails if it stays silent; it never waits for a viewer.
 * Used by one thread.
 */
final class Reporter {
  private static final int INTERVAL_MILLIS = 20;
  private static final int UNACKNOWLEDGED = 64;
  private static final int PATIENCE_SECONDS = 60;

  private final EventBus bus;
  private final String runId;
  private final String variant;
  private final Semaphore free = new Semaphore(UNACKNOWLEDGED);
  private volatile Throwable refused;

  private float[] losses = new float[64];
  private float[] seconds = new float[64];
  private int gathered;
  private long iteration;
  private long lastTold;

  Reporter(EventBus bus, String runId, String variant) {
    this.bus = bus;
    this.runId = runId;
    this.variant = variant;
  }

  /** Iterations reported so far, so the last one's number. */
  long iteration() {
    return iteration;
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
    if (now - lastTold >= TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS)) {
      flush();
      lastTold = now;
    }
  }

  void epoch(EpochEnd end) {
    flush();
    tell(end);
  }

  void status(TrainingStatus status, String message) {
    flush();
    tell(new TrainingChange(0, variant, status, message));
  }

  private void flush() {
    if (gathered > 0) {
      tell(
          new Steps(
              0,
              variant,
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
    bus.request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(runId, event))
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
      if (!free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the coordinator is too slow");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the coordinator", e);
    }
  }
}
