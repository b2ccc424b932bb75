package dev.tandem.run;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbered events on their way to the store and, once they are durable, to everyone: what a viewer
 * has seen is never taken back by a crash. While one batch is being written the next one gathers,
 * so a slow disk makes batches larger, not more. A change of status is written at once; losses wait
 * some milliseconds for those of other trainings, because each batch costs a flush of the disk.
 *
 * <p>Bounded by those who add: a training has a limited number of messages that are not yet
 * durable, and waits at it. A batch that the store refuses is tried again until it is taken. Lives
 * on one event loop.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long RETRY_MILLIS = 500;

  /** Trainings tell at the same moments: so long after the first, all have. */
  private static final long GATHER_MILLIS = 4;

  /** From one batch of losses to the next at least, where trainings' steps are long. */
  private static final long APART_MILLIS = 40;

  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(5));

  private final Vertx vertx;
  private final Consumer<BusMessage.Happened> told;
  private List<BusMessage.Happened> gathered = new ArrayList<>();
  private List<Runnable> whenDurable = new ArrayList<>();
  private boolean writing;

  /** Whether something is gathered that is not to wait. */
  private boolean urgent;

  /** Whether the end of the gathering has been set. */
  private boolean scheduled;

  private long lastWrite = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(APART_MILLIS);

  /**
   * @param told is given each event that has become durable, just before everyone else is
   */
  Outbox(Vertx vertx, Consumer<BusMessage.Happened> told) {
    this.vertx = vertx;
    this.told = told;
  }

  void add(BusMessage.Happened news) {
    gathered.add(news);
    urgent |= news.event().changesStanding();
    schedule();
  }

  /** Runs something once all that was added before is durable and published. */
  void whenDurable(Runnable then) {
    if (!writing && gathered.isEmpty()) {
      then.run();
    } else {
      whenDurable.add(then);
    }
  }

  private void schedule() {
    if (writing) {
      return;
    }
    if (urgent) {
      writing = true;
      // In a turn of its own: what happens in one turn of the loop is one batch.
      vertx.runOnContext(turn -> write());
    } else if (!scheduled) {
      scheduled = true;
      long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastWrite);
      vertx.setTimer(
          Math.max(GATHER_MILLIS, APART_MILLIS - since),
          over -> {
            scheduled = false;
            if (!writing && !gathered.isEmpty()) {
              writing = true;
              write();
            }
          });
    }
  }

  private void write() {
    List<BusMessage.Happened> batch = gathered;
    List<Runnable> then = whenDurable;
    gathered = new ArrayList<>();
    whenDurable = new ArrayList<>();
    urgent = false;
    lastWrite = System.nanoTime();
    write(batch, then);
  }

  private void write(List<BusMessage.Happened> batch, List<Runnable> then) {
    vertx
        .eventBus()
        .request(Addresses.STORE_APPEND, new BusMessage.Append(batch), PATIENT)
        .onSuccess(durable -> written(batch, then))
        .onFailure(
            failure -> {
              LOG.debug(
                  "{} events could not be stored yet: {}", batch.size(), failure.getMessage());
              vertx.setTimer(RETRY_MILLIS, again -> write(batch, then));
            });
  }

  private void written(List<BusMessage.Happened> batch, List<Runnable> then) {
    batch.forEach(told);
    vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.News(batch));
    writing = false;
    then.forEach(Runnable::run);
    if (!gathered.isEmpty()) {
      schedule();
    } else {
      // They came after the batch had left, and wait for nothing but it.
      List<Runnable> late = whenDurable;
      whenDurable = new ArrayList<>();
      late.forEach(Runnable::run);
    }
  }
}
