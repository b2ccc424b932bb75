package dev.tandem.coordinator;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.Label;
import dev.tandem.run.StoreMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Names and notes of runs. One that has ended is loaded from the store for as long as it takes to
 * record its new label; what is to be deleted gets none any more. RunLifecycle on the coordinator's
 * event loop.
 */
final class Labels {
  private final OpenRuns open;
  private final StoredRuns stored;
  private final Outbox outbox;
  private final Supplier<Instant> now;

  /** Being read: one at a time for each run, or two would give the same number twice. */
  private final Map<String, Future<OpenRun>> loading = new HashMap<>();

  private final Set<String> deleting = new HashSet<>();

  Labels(OpenRuns open, StoredRuns stored, Outbox outbox, Supplier<Instant> now) {
    this.open = open;
    this.stored = stored;
    this.outbox = outbox;
    this.now = now;
  }

  /** The run once its label is to be durable with all that is in the outbox. */
  Future<OpenRun> change(BusMessage.Relabel asked) {
    return load(asked.runId())
        .compose(
            run -> {
              Run before = run.now();
              if (asked.seen() != null && !asked.seen().contains(before.labelTag())) {
                open.letGo(run);
                return Future.failedFuture(
                    Refusal.CHANGED.because("Somebody has changed this run's name or note."));
              }
              String name = changed(before.name(), asked.name());
              String note = changed(before.note(), asked.note());
              outbox.add(run.record(new Label(0, name, note, now.get())));
              return Future.succeededFuture(run);
            });
  }

  private static String changed(String before, String asked) {
    String after = asked == null ? before : asked;
    return after == null || after.isEmpty() ? null : after;
  }

  /** What is said of a run that the last server left, and that is not seen to yet. */
  static ReplyException justStarted() {
    return Refusal.NO_ROOM.because("The server has just started. Try again soon.");
  }

  private Future<OpenRun> load(String id) {
    if (deleting.contains(id)) {
      return StoredRuns.unknown();
    }
    OpenRun known = open.get(id);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    Future<OpenRun> read = loading.get(id);
    if (read == null) {
      read = stored.standing(id).compose(this::ended);
      loading.put(id, read);
      read.onComplete(done -> loading.remove(id));
    }
    return read;
  }

  private Future<OpenRun> ended(StoreMessage.Stored found) {
    if (!found.run().status().hasEnded()) {
      return Future.failedFuture(justStarted());
    }
    return Future.succeededFuture(open.add(new OpenRun(found.run(), found.lastSeq())));
  }

  /** Completes once no label will be recorded of a run any more, until {@link #endDelete}. */
  Future<?> beginDelete(String id) {
    deleting.add(id);
    Future<OpenRun> read = loading.get(id);
    return read == null ? Future.succeededFuture() : read.otherwiseEmpty();
  }

  /** It has been deleted, or could not be. */
  void endDelete(String id) {
    deleting.remove(id);
  }
}
