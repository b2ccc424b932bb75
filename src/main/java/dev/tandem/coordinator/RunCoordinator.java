package dev.tandem.coordinator;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Limits;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunIds;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.TrainingEvent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is asked of runs: takes them, and has {@link RunLifecycle} see to them: together the
 * only writers of every run's events. It holds the runs that have not ended; the store has the
 * others. RunLifecycle on one event loop, so its state needs no locks.
 */
public final class RunCoordinator extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RunCoordinator.class);

  private final Limits limits;
  private final Clock clock;
  private final long storeMillis;
  private final RunIds ids;
  private final OpenRuns open = new OpenRuns();
  private Outbox outbox;
  private StoredRuns stored;
  private Labels labels;
  private RunLifecycle lifecycle;
  private Submissions submissions;

  public RunCoordinator(Limits limits, Clock clock) {
    this(limits, clock, Submissions.STORE_MILLIS);
  }

  /**
   * @param storeMillis so soon is a new run to be on its way to the disk, or it is refused
   */
  public RunCoordinator(Limits limits, Clock clock, long storeMillis) {
    this.limits = limits;
    this.clock = clock;
    this.storeMillis = storeMillis;
    this.ids = new RunIds(clock);
  }

  @Override
  public Future<?> start() {
    outbox = new Outbox(vertx, open::durable);
    stored = new StoredRuns(vertx.eventBus());
    labels = new Labels(open, stored, outbox, this::now);
    lifecycle = new RunLifecycle(vertx, limits, open, outbox, this::now);
    submissions =
        new Submissions(
            vertx, limits, storeMillis, open, stored, outbox, lifecycle, ids, this::now);
    return stored
        .list(new BusMessage.ListRuns(1, null))
        .compose(
            newest -> {
              newest.runs().forEach(run -> ids.goOnAfter(run.id()));
              return listen();
            });
  }

  private Future<?> listen() {
    var bus = vertx.eventBus();
    return Future.all(
        List.of(
            bus.consumer(Addresses.SUBMIT, submissions::submit).completion(),
            bus.consumer(Addresses.GET, this::get).completion(),
            bus.consumer(Addresses.LIST, this::list).completion(),
            bus.consumer(Addresses.CANCEL, this::cancel).completion(),
            bus.consumer(Addresses.PACE, this::pace).completion(),
            bus.consumer(Addresses.SET_PACE, this::setPace).completion(),
            bus.consumer(Addresses.LABEL, this::label).completion(),
            bus.consumer(Addresses.DELETE, this::delete).completion(),
            bus.consumer(Addresses.READY, this::ready).completion(),
            bus.consumer(Addresses.RECOVER, this::recover).completion(),
            bus.consumer(Addresses.TRAINING_PROGRESS, this::progress).completion(),
            bus.consumer(Addresses.TRAINING_DATA, this::data).completion(),
            bus.consumer(Addresses.TRAINING_HELD, this::held).completion()));
  }

  /**
   * Takes no more runs, and completes once every training has kept its checkpoint and all that
   * happened is durable. The runs go on when the server starts again.
   */
  @Override
  public Future<?> stop() {
    return lifecycle.stop();
  }

  private void get(Message<BusMessage.ForRun> request) {
    OpenRun run = open.get(request.body().id());
    if (run != null) {
      reply(request, run.durable());
    } else {
      stored
          .run(request.body().id())
          .onSuccess(found -> reply(request, found))
          .onFailure(failure -> refuse(request, failure));
    }
  }

  private void list(Message<BusMessage.ListRuns> request) {
    stored
        .list(request.body())
        .onSuccess(request::reply)
        .onFailure(failure -> refuse(request, failure));
  }

  private void cancel(Message<BusMessage.ForRun> request) {
    withOpen(
        request,
        request.body().id(),
        run -> {
          lifecycle.cancel(run);
          outbox.whenDurable(() -> reply(request, run.durable()));
        });
  }

  private void pace(Message<BusMessage.ForRun> request) {
    withOpen(
        request,
        request.body().id(),
        run ->
            request.reply(
                new BusMessage.Pace(run.id(), run.durable().pace().iterationsPerSecond())));
  }

  private void setPace(Message<BusMessage.Pace> request) {
    withOpen(
        request,
        request.body().runId(),
        run -> {
          lifecycle.setPace(run, request.body().iterationsPerSecond());
          outbox.whenDurable(() -> request.reply(request.body()));
        });
  }

  private void label(Message<BusMessage.Relabel> request) {
    labels
        .change(request.body())
        .onSuccess(run -> outbox.whenDurable(() -> reply(request, run.durable())))
        .onFailure(failure -> refuse(request, failure));
  }

  /** Does something with a run that has not ended, or refuses. */
  private void withOpen(Message<?> request, String id, Consumer<OpenRun> then) {
    OpenRun run = open.get(id);
    if (run == null) {
      stored
          .run(id)
          .onSuccess(
              found -> {
                if (found.status().hasEnded()) {
                  hasEnded(request, found);
                } else {
                  refuse(request, Labels.justStarted());
                }
              })
          .onFailure(failure -> refuse(request, failure));
    } else if (run.now().status().hasEnded()) {
      hasEnded(request, run.now());
    } else {
      then.accept(run);
    }
  }

  private static void hasEnded(Message<?> request, Run run) {
    refuse(
        request,
        Refusal.WRONG_STATUS,
        "This run has ended already (%s).".formatted(run.status().label()));
  }

  private void delete(Message<BusMessage.ForRun> request) {
    OpenRun run = open.get(request.body().id());
    if (run != null && !run.now().status().hasEnded()) {
      refuse(
          request,
          Refusal.WRONG_STATUS,
          "This run is %s. Cancel it before deleting it.".formatted(run.now().status().label()));
      return;
    }
    String id = request.body().id();
    // Its end may be on its way to the store; nothing of it may arrive after it is deleted.
    labels.beginDelete(id).onComplete(still -> outbox.whenDurable(() -> deleteEnded(request, id)));
  }

  private void deleteEnded(Message<BusMessage.ForRun> request, String id) {
    stored
        .run(id)
        .compose(found -> stored.delete(id).map(found))
        .onComplete(done -> labels.endDelete(id))
        .onSuccess(
            found -> {
              vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.Removed(id));
              reply(request, found);
            })
        .onFailure(failure -> refuse(request, failure));
  }

  /** Says what keeps it from its work: without the store it can do nothing. */
  private void ready(Message<?> request) {
    stored
        .ready()
        .onSuccess(ready -> request.reply(new StoreMessage.StoreState(null)))
        .onFailure(failure -> request.reply(new StoreMessage.StoreState(StoredRuns.why(failure))));
  }

  /** Goes on with the runs that the last server left, or ends them as interrupted. */
  private void recover(Message<BusMessage.Recover> request) {
    stored
        .unfinished()
        .onSuccess(
            left -> {
              for (StoreMessage.Stored of : left) {
                lifecycle.recover(
                    open.add(new OpenRun(of.run(), of.lastSeq())), request.body().resume());
              }
              lifecycle.startNext();
              outbox.whenDurable(() -> request.reply(null));
            })
        .onFailure(failure -> refuse(request, failure));
  }

  private void progress(Message<BusMessage.Progress> told) {
    OpenRun run = open.get(told.body().runId());
    if (run == null || run.now().status().hasEnded()) {
      LOG.warn("dropped an event of run {}, which is not running", told.body().runId());
      told.reply(null);
      return;
    }
    for (RunEvent event : told.body().events()) {
      lifecycle.happened(run, (TrainingEvent) event);
    }
    // Not before: a training has only so many events that a crash could still take back.
    outbox.whenDurable(() -> told.reply(null));
  }

  /** Answered at once: it is durable before anything that is told after it. */
  private void data(Message<BusMessage.OnData> told) {
    String id = told.body().runId();
    OpenRun run = open.get(id);
    if (run == null || run.now().status().hasEnded()) {
      told.reply(told.body());
      return;
    }
    lifecycle.has(run, told.body().data());
    told.reply(new BusMessage.OnData(id, run.now().data()));
  }

  private void held(Message<BusMessage.Held> told) {
    OpenRun run = open.get(told.body().runId());
    if (run != null && !run.now().status().hasEnded()) {
      lifecycle.hold(run, told.body().training(), told.body().why());
    }
    told.reply(null);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static void reply(Message<?> request, Run run) {
    request.reply(new BusMessage.OneRun(run));
  }

  private static void refuse(Message<?> request, Refusal refusal, String why) {
    request.fail(refusal.code(), why);
  }

  private static void refuse(Message<?> request, Throwable failure) {
    Refusal refusal = Refusal.of(failure);
    request.fail(refusal == null ? -1 : refusal.code(), failure.getMessage());
  }
}
