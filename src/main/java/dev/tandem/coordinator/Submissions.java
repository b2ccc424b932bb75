package dev.tandem.coordinator;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Limits;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunIds;
import dev.tandem.run.RunStatus;
import dev.tandem.run.StoreMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that are asked for, until each is durable or refused: whoever is told that a run was not
 * taken can rely on it, and whoever asks again with the same idempotency key gets the same run.
 * RunLifecycle on the coordinator's event loop. Bounded: what is asked for counts as running or
 * queued.
 */
final class Submissions {
  private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

  /** A run that is not on its way to the disk by then is refused. */
  static final long STORE_MILLIS = 20_000;

  /** Who has waited longer, in terms of that, may have been told that it isn't known. */
  private static final double PATIENCE = 1.25;

  private static final long RETRY_MILLIS = 500;

  private static final String STOPPING = "The server is stopping and takes no more runs.";
  private static final String NOT_STORED =
      "The database takes nothing just now, so this run was not started. Try again soon.";
  private static final String OTHER_SETTINGS =
      "This Idempotency-Key has been used for a run with other settings. Use another one.";

  private final Vertx vertx;
  private final Limits limits;
  private final long storeMillis;
  private final OpenRuns open;
  private final StoredRuns stored;
  private final Outbox outbox;
  private final RunLifecycle lifecycle;
  private final RunIds ids;
  private final Supplier<Instant> now;

  /** By their idempotency keys; one that is durable is known to the store. */
  private final Map<String, Submission> keyed = new HashMap<>();

  Submissions(
      Vertx vertx,
      Limits limits,
      long storeMillis,
      OpenRuns open,
      StoredRuns stored,
      Outbox outbox,
      RunLifecycle lifecycle,
      RunIds ids,
      Supplier<Instant> now) {
    this.vertx = vertx;
    this.limits = limits;
    this.storeMillis = storeMillis;
    this.open = open;
    this.stored = stored;
    this.outbox = outbox;
    this.lifecycle = lifecycle;
    this.ids = ids;
    this.now = now;
  }

  void submit(Message<BusMessage.Submit> request) {
    BusMessage.Submit asked = request.body();
    String key = asked.idempotencyKey();
    Submission known = key == null ? null : keyed.get(key);
    if (known == null) {
      Submission submission = new Submission(asked);
      submission.join(request);
      begin(submission);
    } else if (known.asked.settings().equals(asked.settings())) {
      known.join(request);
    } else {
      refuse(request, Refusal.KEY_USED.because(OTHER_SETTINGS));
    }
  }

  private void begin(Submission submission) {
    String key = submission.asked.idempotencyKey();
    if (key == null) {
      take(submission);
      return;
    }
    keyed.put(key, submission);
    stored
        .submitted(key)
        .onSuccess(
            found -> {
              if (found.run() == null) {
                take(submission);
              } else if (found.run().settings().equals(submission.asked.settings())) {
                submission.answer(asItBegan(found));
              } else {
                submission.refuse(Refusal.KEY_USED, OTHER_SETTINGS);
              }
            })
        .onFailure(
            failure -> {
              LOG.warn("an idempotency key could not be looked up: {}", failure.getMessage());
              submission.refuse(Refusal.NO_ROOM, NOT_STORED);
            });
  }

  /** The answer that was given when the run began. */
  private static Run asItBegan(StoreMessage.Events found) {
    Run run = found.run();
    return Run.queued(run.id(), run.createdAt(), run.settings()).after(found.events().get(0));
  }

  private void take(Submission submission) {
    boolean waits = open.active() >= limits.activeRuns();
    long queued = open.count(RunStatus.QUEUED);
    if (lifecycle.isStopping()) {
      submission.refuse(Refusal.NO_ROOM, STOPPING);
    } else if (waits && queued >= limits.queuedRuns()) {
      submission.refuse(
          Refusal.NO_ROOM,
          "%d runs are waiting already. Try again when one has ended, or cancel one."
              .formatted(queued));
    } else {
      Run asked = Run.queued(ids.next(), now.get(), submission.asked.settings());
      OpenRun run = open.add(new OpenRun(asked));
      RunStatus status = waits ? RunStatus.QUEUED : RunStatus.RUNNING;
      outbox.add(
          new Offer(
              run.record(new RunChange(0, status, run.at(now.get()))),
              submission.asked.idempotencyKey(),
              storeMillis - submission.age(),
              submission::isWaitedFor,
              end -> offered(submission, run, end)));
    }
  }

  private void offered(Submission submission, OpenRun run, Offer.End end) {
    if (end == Offer.End.STANDS) {
      submission.answer(run.durable());
      lifecycle.accepted(run);
    } else if (end == Offer.End.WITHDRAWN) {
      forget(submission, run);
    } else {
      LOG.warn("run {} was stored when nobody waited for it any more: it is removed", run.id());
      remove(run.id()).onSuccess(removed -> forget(submission, run));
    }
  }

  private void forget(Submission submission, OpenRun run) {
    open.remove(run);
    submission.refuse(Refusal.NO_ROOM, NOT_STORED);
    lifecycle.startNext();
  }

  /** Tried until it is done. */
  private Future<Void> remove(String id) {
    return stored
        .delete(id)
        .<Void>mapEmpty()
        .recover(
            failure ->
                vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS).compose(over -> remove(id)));
  }

  private static void refuse(Message<?> request, io.vertx.core.eventbus.ReplyException why) {
    request.fail(why.failureCode(), why.getMessage());
  }

  /** One run that is asked for, by one request or by several with the same key. */
  private final class Submission {
    final BusMessage.Submit asked;
    private final List<Waiting> waiting = new ArrayList<>();
    private final long began = System.nanoTime();

    Submission(BusMessage.Submit asked) {
      this.asked = asked;
    }

    void join(Message<BusMessage.Submit> request) {
      waiting.add(new Waiting(request, System.nanoTime()));
    }

    /** In milliseconds. */
    long age() {
      return millisSince(began);
    }

    boolean isWaitedFor() {
      return waiting.stream().anyMatch(of -> millisSince(of.since) < PATIENCE * storeMillis);
    }

    void answer(Run run) {
      keyed.remove(asked.idempotencyKey(), this);
      waiting.forEach(of -> of.request.reply(new BusMessage.OneRun(run)));
    }

    void refuse(Refusal refusal, String why) {
      keyed.remove(asked.idempotencyKey(), this);
      waiting.forEach(of -> Submissions.refuse(of.request, refusal.because(why)));
    }

    private static long millisSince(long nanoTime) {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
  }

  private record Waiting(Message<BusMessage.Submit> request, long since) {}
}
