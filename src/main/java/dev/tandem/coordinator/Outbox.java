package dev.tandem.coordinator;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.StoreMessage;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * durable, and waits at it. A batch that the store refuses is tried again until it is taken; only
 * an {@link Offer} is taken out of it when its time is over. RunLifecycle on one event loop.
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
  private final Consumer<BusMessage.Happened> onDurable;
  private List<BusMessage.Happened> gathered = new ArrayList<>();
  private List<Offer> offers = new ArrayList<>();
  private List<Runnable> whenDurable = new ArrayList<>();
  private State state = State.EMPTY;

  /** Ends the gathering. */
  private long timer;

  private long lastWrite = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(APART_MILLIS);

  private enum State {
    /** Nothing is gathered, and nothing is being written. */
    EMPTY,
    /** Losses wait for others until the timer fires. */
    GATHERING,
    /** A batch is about to be written, or is; the next one may be gathering. */
    WRITING
  }

  /**
   * @param onDurable is given each event that has become durable, just before everyone else is
   */
  Outbox(Vertx vertx, Consumer<BusMessage.Happened> onDurable) {
    this.vertx = vertx;
    this.onDurable = onDurable;
  }

  void add(BusMessage.Happened news) {
    gathered.add(news);
    schedule(news.event().changesStanding());
  }

  /** Adds what begins a run, to become durable in time or not at all. */
  void add(Offer offer) {
    offers.add(offer);
    add(offer.first());
    // While an earlier batch is written for long, this one waits here.
    vertx.setTimer(offer.millisLeft(), over -> withdrawGathered(offer));
  }

  private void withdrawGathered(Offer offer) {
    if (offers.remove(offer)) {
      gathered.removeIf(news -> news == offer.first());
      offer.end(Offer.End.WITHDRAWN);
    }
  }

  /** Runs something once all that was added before is durable and published. */
  void whenDurable(Runnable then) {
    if (state != State.WRITING && gathered.isEmpty()) {
      then.run();
    } else {
      whenDurable.add(then);
    }
  }

  private void schedule(boolean urgent) {
    if (state == State.WRITING) {
      return;
    }
    if (urgent) {
      if (state == State.GATHERING) {
        vertx.cancelTimer(timer);
      }
      state = State.WRITING;
      // In a turn of its own: what happens in one turn of the loop is one batch.
      vertx.runOnContext(turn -> write());
    } else if (state == State.EMPTY) {
      state = State.GATHERING;
      long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastWrite);
      timer = vertx.setTimer(Math.max(GATHER_MILLIS, APART_MILLIS - since), over -> write());
    }
  }

  private void write() {
    state = State.WRITING;
    Batch batch = new Batch(gathered, offers, whenDurable);
    gathered = new ArrayList<>();
    offers = new ArrayList<>();
    whenDurable = new ArrayList<>();
    lastWrite = System.nanoTime();
    write(batch);
  }

  private void write(Batch batch) {
    batch.withdrawLate();
    if (batch.news.isEmpty()) {
      written(batch);
      return;
    }
    vertx
        .eventBus()
        .request(Addresses.STORE_APPEND, batch.append(), PATIENT)
        .onSuccess(durable -> written(batch))
        .onFailure(
            failure -> {
              LOG.debug(
                  "{} events could not be stored yet: {}", batch.news.size(), failure.getMessage());
              batch.refused(failure);
              vertx.setTimer(RETRY_MILLIS, again -> write(batch));
            });
  }

  private void written(Batch batch) {
    List<Offer> unwanted = batch.offers.stream().filter(offer -> !offer.isWanted()).toList();
    // Nobody was told that these runs are, and nobody shall be.
    unwanted.forEach(offer -> batch.news.removeIf(news -> news == offer.first()));
    batch.news.forEach(onDurable);
    if (!batch.news.isEmpty()) {
      vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.News(batch.news));
    }
    state = State.EMPTY;
    batch.offers.forEach(
        offer -> offer.end(unwanted.contains(offer) ? Offer.End.UNWANTED : Offer.End.STANDS));
    batch.whenDurable.forEach(Runnable::run);
    if (!gathered.isEmpty()) {
      schedule(gathered.stream().anyMatch(news -> news.event().changesStanding()));
    } else {
      // They came after the batch had left, and wait for nothing but it.
      List<Runnable> late = whenDurable;
      whenDurable = new ArrayList<>();
      late.forEach(Runnable::run);
    }
  }

  /** What is written together. */
  private record Batch(
      List<BusMessage.Happened> news, List<Offer> offers, List<Runnable> whenDurable) {
    StoreMessage.Append append() {
      Map<String, String> keys = new HashMap<>();
      Long within = null;
      for (Offer offer : offers) {
        if (offer.key() != null) {
          keys.put(offer.first().run().id(), offer.key());
        }
        if (!offer.mayBeDurable()) {
          within = within == null ? offer.millisLeft() : Math.min(within, offer.millisLeft());
        }
      }
      return new StoreMessage.Append(news, keys, within);
    }

    /** Takes out what has not become durable in time. */
    void withdrawLate() {
      for (Offer offer : List.copyOf(offers)) {
        if (offer.isOver() && !offer.mayBeDurable()) {
          offers.remove(offer);
          news.removeIf(happened -> happened == offer.first());
          offer.end(Offer.End.WITHDRAWN);
        }
      }
    }

    /** Without a clear answer it may be there, and stays until there is one. */
    void refused(Throwable failure) {
      boolean clear =
          failure instanceof ReplyException reply
              && reply.failureType() != ReplyFailure.TIMEOUT
              && reply.failureCode() != StoreMessage.Append.UNSURE;
      if (!clear) {
        offers.forEach(Offer::mayNowBeDurable);
      }
    }
  }
}
