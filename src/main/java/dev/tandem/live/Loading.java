package dev.tandem.live;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Training;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run whose log is kept up: its past is read from the store; then it takes what is told, in
 * order. Where that leaves a gap, the store has what is missing, since nothing is told before it is
 * durable. Nothing that is told waits in memory meanwhile: it is read from the store as well. Lives
 * on the event loop of its {@link Live}.
 */
final class Loading {
  private static final Logger LOG = LoggerFactory.getLogger(Loading.class);

  /** Rows of the store at a time; it may give fewer where they are long. */
  private static final int PAGE = 2000;

  private static final long RETRY_MILLIS = 500;

  private final Live live;
  private final String id;
  private final LiveRun run;
  private final Promise<LiveRun> read = Promise.promise();
  private boolean reading;

  /** Greatest number of an event that was told. */
  private long heard;

  /** Whether anything was told since it was last looked after. */
  private boolean silent;

  /** Bytes that it will take once it is read; 0 for one that goes on. */
  private long expected;

  Loading(Live live, String id, LiveRun run) {
    this.live = live;
    this.id = id;
    this.run = run;
  }

  LiveRun run() {
    return run;
  }

  Future<LiveRun> loaded() {
    return read.future();
  }

  /** It has no past. */
  void begins() {
    read.complete(run);
  }

  /** Takes what is told. */
  void heard(BusMessage.Happened news) {
    long seq = news.event().seq();
    silent = false;
    heard = Math.max(heard, seq);
    if (reading || seq <= run.log().last()) {
      return;
    }
    if (seq == run.log().last() + 1) {
      run.log().append(news.run(), news.event());
    } else {
      LOG.debug("run {}: events before {} were not told", id, seq);
      readOn();
    }
  }

  void lookIfSilent() {
    if (silent && !reading && !run.hasEnded()) {
      readOn();
    }
    silent = true;
  }

  /** Reads what the store has after the log's last event. */
  void readOn() {
    reading = true;
    readFrom(run.log().last(), heard);
  }

  /**
   * @param told greatest number that was told before the store was asked: it has that
   */
  private void readFrom(long after, long told) {
    live.vertx()
        .eventBus()
        .<StoreMessage.Events>request(
            Addresses.STORE_EVENTS, new StoreMessage.ReadEvents(id, after, PAGE))
        .onSuccess(reply -> take(reply.body(), after, told))
        .onFailure(this::failed);
  }

  private void take(StoreMessage.Events page, long after, long told) {
    if (!live.holds(this)) {
      // Deleted, or let go of, meanwhile.
      read.tryComplete(null);
      return;
    }
    if (page.run() == null) {
      live.gone(id);
      read.tryComplete(null);
      return;
    }
    if (after == 0 && page.run().status().hasEnded() && !hasRoomFor(page.run())) {
      live.forget(this);
      read.fail(new NoRoomException());
      return;
    }
    long last = after;
    for (RunEvent event : page.events()) {
      run.log().append(page.run(), event);
      last = event.seq();
      if (read.future().isComplete()) {
        // It was lost on its way here.
        live.noted(page.run(), event);
      }
    }
    if (last > after || heard > told) {
      readFrom(last, heard);
    } else {
      done();
    }
  }

  private void done() {
    reading = false;
    run.log().settle();
    read.tryComplete(run);
    run.broadcast().changed();
    live.letGo();
  }

  private void failed(Throwable failure) {
    if (!read.future().isComplete()) {
      live.forget(this);
      read.fail(failure);
    } else {
      live.vertx().setTimer(RETRY_MILLIS, again -> retry());
    }
  }

  private void retry() {
    if (live.holds(this)) {
      readOn();
    }
  }

  private boolean hasRoomFor(Run ended) {
    long losses = ended.trainings().stream().mapToLong(Training::iteration).sum();
    return live.hasRoomFor(this, 2 * Float.BYTES * losses);
  }

  void willTake(long bytes) {
    expected = bytes;
  }

  boolean isIdle() {
    return !reading && run.isIdle();
  }

  /** Bytes that it takes of the room for runs that have ended. */
  long takes() {
    if (reading && expected > 0) {
      return Math.max(expected, run.log().bytes());
    }
    return run.hasEnded() ? run.log().bytes() : 0;
  }
}
