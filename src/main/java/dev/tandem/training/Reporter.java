package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.LayerSample;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Histograms;
import dev.tandem.run.RunEvent.Layers;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells the coordinator what happens in one training. Losses and epochs are gathered and told every
 * {@value #INTERVAL_MILLIS} ms, by all trainings at the same moments, so that they go to the disk
 * together; a change of status is told at once. At most {@value #UNACKNOWLEDGED} messages are not
 * yet durable: beyond that the training waits for the disk; it never waits for a viewer. Used by
 * one thread.
 */
final class Reporter {
  private static final int INTERVAL_MILLIS = 100;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);
  private static final int UNACKNOWLEDGED = 16;

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

  private List<RunEvent> untold = new ArrayList<>();
  private float[] losses = new float[256];
  private float[] seconds = new float[256];
  private int gathered;

  /** What was seen in some of the gathered steps, in their order. */
  private final List<Layers> samples = new ArrayList<>();

  private long iteration;

  /** When the last step ended, by {@link System#nanoTime}. */
  private long stepped;

  /** The interval in which it last told. */
  private long lastInterval;

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

  /** Tells what is gathered, and completes once all that happened so far is durable. */
  Future<?> told() {
    flush();
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
    stepped = System.nanoTime();
    // Of the JVM's clock, not since it last told: every training's intervals are the same.
    long interval = Math.floorDiv(stepped, INTERVAL_NANOS);
    if (interval != lastInterval) {
      flush();
      lastInterval = interval;
    }
  }

  /** What was seen in the step that is reported next, for each hidden layer. */
  void layers(List<LayerSample> seen) {
    samples.add(new Layers(0, training.variant(), training.repeat(), iteration + 1, seen));
  }

  /**
   * @param counts for each hidden layer, by {@link Distribution}'s bins
   */
  void histograms(int epoch, int[][] counts) {
    gatherSteps();
    untold.add(
        new Histograms(
            0,
            training.variant(),
            training.repeat(),
            epoch,
            Distribution.histogramEdges(),
            counts));
  }

  void epoch(EpochEnd end) {
    gatherSteps();
    untold.add(end);
  }

  void status(TrainingStatus status, String message) {
    gatherSteps();
    untold.add(new TrainingChange(0, training.variant(), training.repeat(), status, message));
    flush();
  }

  /** Tells what is still gathered. */
  void flush() {
    gatherSteps();
    if (!untold.isEmpty()) {
      tell(untold);
      untold = new ArrayList<>();
    }
  }

  private void gatherSteps() {
    if (gathered > 0) {
      untold.add(
          new Steps(
              0,
              training.variant(),
              training.repeat(),
              iteration - gathered + 1,
              Arrays.copyOf(losses, gathered),
              System.currentTimeMillis() - (System.nanoTime() - stepped) / 1_000_000,
              Arrays.copyOf(seconds, gathered)));
      gathered = 0;
      untold.addAll(samples);
      samples.clear();
    }
  }

  private void tell(List<RunEvent> events) {
    if (refused != null) {
      throw new IllegalStateException("the coordinator doesn't answer", refused);
    }
    acquire();
    told =
        bus.request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(runId, events), PATIENT)
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
