package dev.tandem.training;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store keep a training's checkpoints, and in the end its model. A checkpoint is sent only
 * when all that was told before it is durable: a training that went on from it would not tell that
 * again. Used by the training's thread.
 */
final class StateSaver {
  private static final Logger LOG = LoggerFactory.getLogger(StateSaver.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Of all time at most so much goes into checkpoints: a twentieth. */
  private static final int COST = 20;

  /** A disk that took nothing for long has not made checkpoints dearer. */
  private static final long LONGEST_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** What the store has refused is sent again after so long. */
  private static final long RETRY_MILLIS = 500;

  private final EventBus bus;
  private final BusMessage.Start training;
  private final Reporter reporter;
  private final DiskWaits waits;
  private volatile boolean saving;
  private long last = System.nanoTime();
  private volatile long lastCost;

  StateSaver(EventBus bus, BusMessage.Start training, Reporter reporter, DiskWaits waits) {
    this.bus = bus;
    this.training = training;
    this.reporter = reporter;
    this.waits = waits;
  }

  /** Whether it is time for a checkpoint, and the one before has been kept. */
  boolean isCheckpointDue() {
    long since = System.nanoTime() - last;
    return !saving
        && since > INTERVAL_NANOS
        && since > Math.min(COST * lastCost, LONGEST_INTERVAL_NANOS);
  }

  /** After a failure, which is logged, the checkpoint before is still there. */
  Future<?> checkpoint(byte[] state) {
    saving = true;
    long began = System.nanoTime();
    last = began;
    return reporter
        .flushed()
        .compose(durable -> save(Addresses.STORE_KEEP_CHECKPOINT, state))
        .onFailure(failure -> warn("its checkpoint could not be kept", failure))
        .onComplete(
            kept -> {
              lastCost = System.nanoTime() - began;
              saving = false;
            });
  }

  /**
   * Waits until the store keeps it, for as long as that takes: a training that says that it has
   * completed has left its network. Blocks.
   *
   * @param stopped looked at while it waits: whether to give up
   * @return whether it is kept
   */
  boolean model(byte[] state, BooleanSupplier stopped) {
    return waits.await(new Trial(() -> save(Addresses.STORE_KEEP_MODEL, state)), stopped);
  }

  private Future<?> save(String address, byte[] state) {
    return bus.request(
        address,
        new BusMessage.Keep(training.runId(), training.training(), state),
        Reporter.PATIENT);
  }

  private void warn(String what, Throwable failure) {
    LOG.warn(
        "run {}, {}: {}: {}", training.runId(), training.training(), what, failure.getMessage());
  }

  /** Asks the store again and again until it has taken something. */
  private final class Trial implements DiskWaits.Awaited {
    private final Supplier<Future<?>> ask;
    private CompletableFuture<?> asked;
    private long notBefore = System.nanoTime();
    private boolean warned;

    Trial(Supplier<Future<?>> ask) {
      this.ask = ask;
    }

    @Override
    public boolean within(long millis) throws InterruptedException {
      if (asked == null && System.nanoTime() - notBefore < 0) {
        Thread.sleep(millis);
        return false;
      }
      if (asked == null) {
        asked = ask.get().toCompletionStage().toCompletableFuture();
      }
      try {
        asked.get(millis, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        if (!warned) {
          warn("its network can't be kept yet", e.getCause());
        }
        warned = true;
        asked = null;
        notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        return false;
      }
    }
  }
}
