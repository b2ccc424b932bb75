package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store keep a training's checkpoints, and in the end its model. A checkpoint is sent only
 * when all that was told before it is durable: a training that went on from it would not tell that
 * again. Used by the training's thread.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Of all time at most so much goes into checkpoints: a twentieth. */
  private static final int COST = 20;

  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(5));

  private final EventBus bus;
  private final BusMessage.Start training;
  private final Reporter reporter;
  private volatile boolean keeping;
  private long last = System.nanoTime();
  private volatile long lastCost;

  Keeper(EventBus bus, BusMessage.Start training, Reporter reporter) {
    this.bus = bus;
    this.training = training;
    this.reporter = reporter;
  }

  /** Whether it is time for a checkpoint, and the one before has been kept. */
  boolean isDue() {
    long since = System.nanoTime() - last;
    return !keeping && since > INTERVAL_NANOS && since > COST * lastCost;
  }

  /** A failure is logged only: the checkpoint before is still there. */
  Future<?> checkpoint(byte[] state) {
    keeping = true;
    long began = System.nanoTime();
    last = began;
    return reporter
        .told()
        .compose(durable -> keep(Addresses.STORE_KEEP_CHECKPOINT, state))
        .onComplete(
            kept -> {
              lastCost = System.nanoTime() - began;
              keeping = false;
            });
  }

  /** Not waited for: the store takes it before the event that the training has completed. */
  void model(byte[] state) {
    keep(Addresses.STORE_KEEP_MODEL, state);
  }

  private Future<?> keep(String address, byte[] state) {
    return bus.request(
            address, new BusMessage.Keep(training.runId(), training.training(), state), PATIENT)
        .onFailure(
            failure ->
                LOG.warn(
                    "run {}, {}: {} failed",
                    training.runId(),
                    training.training(),
                    address,
                    failure));
  }
}
