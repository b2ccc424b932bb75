package dev.tandem.training;

import dev.tandem.lens.Lens;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.LayerSample;
import dev.tandem.run.RunEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
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
import java.util.function.BooleanSupplier;

/**
 * Tells the coordinator what happens in one training. Losses and epochs are gathered and told every
 * {@value #INTERVAL_MILLIS} ms, by all trainings at the same moments, so that they go to the disk
 * together; a change of status is told at once. At most {@value #UNACKNOWLEDGED} messages are not
 * yet durable: beyond that the training waits for the disk, for as long as it takes; it never waits
 * for a viewer. What it tells last is not held up: its end, and what goes before a checkpoint. Used
 * by one thread.
 */
final class Reporter {
  private static final int INTERVAL_MILLIS = 100;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);
  private static final int UNACKNOWLEDGED = 16;

  /** The bus wants a bound: a year of a disk that takes nothing. */
  static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.DAYS.toMillis(365));

  private final EventBus bus;
  private final String runId;
  private final TrainingId training;
  private final DiskWaits waits;
  private final Semaphore free = new Semaphore(UNACKNOWLEDGED);

  /** Looked at while it waits: whether the training is to stop. */
  private BooleanSupplier stopped;

  private volatile Throwable refused;

  /** The newest message's answer: it comes after those to all messages before it. */
  private Future<?> lastReply = Future.succeededFuture();

  private List<RunEvent> pending = new ArrayList<>();
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

  /**
   * @param stopped whether the training has been asked to stop
   */
  Reporter(
      EventBus bus, String runId, TrainingId training, DiskWaits waits, BooleanSupplier stopped) {
    this.bus = bus;
    this.runId = runId;
    this.training = training;
    this.waits = waits;
    this.stopped = stopped;
  }

  /**
   * @param lookUp done every now and then while it waits; whether the training is to stop
   */
  void whileWaiting(BooleanSupplier lookUp) {
    stopped = lookUp;
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
  Future<?> flushed() {
    gatherSteps();
    tellRest();
    return lastReply;
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
   * @param counts for each hidden layer, by the lens's bins
   */
  void histograms(int epoch, int[][] counts) {
    gatherSteps();
    pending.add(
        new Histograms(
            0, training.variant(), training.repeat(), epoch, Lens.histogramEdges(), counts));
  }

  void epoch(EpochEnd end) {
    gatherSteps();
    pending.add(end);
  }

  void status(TrainingStatus status, String message) {
    gatherSteps();
    pending.add(new TrainingChange(0, training.variant(), training.repeat(), status, message));
    if (status.hasEnded()) {
      tellRest();
    } else {
      flush();
    }
  }

  /** Tells what is still gathered; keeps it if it has to wait and is asked to stop. */
  void flush() {
    gatherSteps();
    if (!pending.isEmpty() && waits.await(this::isFree, stopped)) {
      tell(free::release);
    }
  }

  private boolean isFree(long millis) throws InterruptedException {
    return free.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  /** Without waiting. */
  private void tellRest() {
    if (!pending.isEmpty()) {
      tell(() -> {});
    }
  }

  private void gatherSteps() {
    if (gathered > 0) {
      pending.add(
          new Steps(
              0,
              training.variant(),
              training.repeat(),
              iteration - gathered + 1,
              Arrays.copyOf(losses, gathered),
              System.currentTimeMillis() - (System.nanoTime() - stepped) / 1_000_000,
              Arrays.copyOf(seconds, gathered)));
      gathered = 0;
      pending.addAll(samples);
      samples.clear();
    }
  }

  private void tell(Runnable durable) {
    if (refused != null) {
      throw new IllegalStateException("the coordinator doesn't answer", refused);
    }
    List<RunEvent> events = pending;
    pending = new ArrayList<>();
    lastReply =
        bus.request(Addresses.TRAINING_PROGRESS, new BusMessage.Progress(runId, events), PATIENT)
            .onComplete(
                reply -> {
                  durable.run();
                  if (reply.failed()) {
                    refused = reply.cause();
                  }
                });
  }
}
