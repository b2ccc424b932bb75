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
 * so a slow disk makes batches larger, not more.
 *
 * <p>Bounded by those who add: a training has a limited number of events that are not yet durable,
 * and waits at it. A batch that the store refuses is tried again until it is taken. Lives on one
 * event loop.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long RETRY_MILLIS = 500;
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(5));

  private final Vertx vertx;
  private final Consumer<BusMessage.Happened> told;
  private List<BusMessage.Happened> gathered = new ArrayList<>();
  private List<Runnable> whenDurable = new ArrayList<>();
  private boolean writing;

  /**
   * @param told is given each event that has become durable, just before everyone else is
   */
  Outbox(Vertx vertx, Consumer<BusMessage.Happened> told) {
    this.vertx = vertx;
    this.told = told;
  }

  void add(BusMessage.Happened news) {
    gathered.add(news);
    write();
  }

  /** Runs something once all that was added before is durable and published. */
  void whenDurable(Runnable then) {
    if (!writing && gathered.isEmpty()) {
      then.run();
    } else {
      whenDurable.add(then);
    }
  }

  private void write() {
    if (writing || (gathered.isEmpty() && whenDurable.isEmpty())) {
      return;
    }
    writing = true;
    // In a turn of its own: what happens in one turn of the loop is one batch.
    vertx.runOnContext(
        turn -> {
          BusMessage.Append batch = new BusMessage.Append(gathered);
          List<Runnable> then = whenDurable;
          gathered = new ArrayList<>();
          whenDurable = new ArrayList<>();
          write(batch, then);
        });
  }

  private void write(BusMessage.Append batch, List<Runnable> then) {
    vertx
        .eventBus()
        .request(Addresses.STORE_APPEND, batch, PATIENT)
        .onSuccess(
            durable -> {
              for (BusMessage.Happened news : batch.news()) {
                told.accept(news);
                vertx.eventBus().publish(Addresses.EVENTS, news);
              }
              then.forEach(Runnable::run);
              writing = false;
              write();
            })
        .onFailure(
            failure -> {
              LOG.debug(
                  "{} events could not be stored yet: {}",
                  batch.news().size(),
                  failure.getMessage());
              vertx.setTimer(RETRY_MILLIS, again -> write(batch, then));
            });
  }
}
