package dev.tandem.run;

import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunEvent.TrainingChange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes runs, queues them, has their trainings started, and numbers everything that happens: the
 * only writer of every run's events. Lives on one event loop, so its state needs no locks.
 */
public final class RunCoordinator extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RunCoordinator.class);

  private final Limits limits;
  private final Clock clock;
  private final RunIds ids;

  /** Oldest first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Promise<Void> stopping;

  public RunCoordinator(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.ids = new RunIds(clock);
  }

  @Override
  public Future<?> start() {
    var bus = vertx.eventBus();
    return Future.all(
        List.of(
            bus.consumer(Addresses.SUBMIT, this::submit).completion(),
            bus.consumer(Addresses.GET, this::get).completion(),
            bus.consumer(Addresses.LIST, this::list).completion(),
            bus.consumer(Addresses.CANCEL, this::cancel).completion(),
            bus.consumer(Addresses.DELETE, this::delete).completion(),
            bus.consumer(Addresses.TRAINING_PROGRESS, this::progress).completion()));
  }

  /** Takes no more runs and completes once every training has ended as interrupted. */
  @Override
  public Future<?> stop() {
    stopping = Promise.promise();
    for (Entry entry : List.copyOf(entries.values())) {
      end(entry, TrainingStatus.INTERRUPTED);
    }
    completeStop();
    return stopping.future();
  }

  private void submit(Message<BusMessage.Submit> request) {
    if (stopping != null) {
      refuse(request, Refusal.NO_ROOM, "The server is stopping and takes no more runs.");
      return;
    }
    boolean waits = count(RunStatus.RUNNING) >= limits.activeRuns();
    long queued = count(RunStatus.QUEUED);
    if (waits && queued >= limits.queuedRuns()) {
      refuse(
          request,
          Refusal.NO_ROOM,
          "%d runs are waiting already. Try again when one has ended.".formatted(queued));
      return;
    }
    Instant now = now();
    Entry entry = new Entry(Run.queued(ids.next(), now, request.body().settings()));
    entries.put(entry.run.id(), entry);
    if (waits) {
      record(entry, new RunChange(0, RunStatus.QUEUED, now));
    } else {
      start(entry);
    }
    trim();
    reply(request, entry);
  }

  private void get(Message<BusMessage.ForRun> request) {
    Entry entry = known(request);
    if (entry != null) {
      reply(request, entry);
    }
  }

  private void list(Message<BusMessage.ListRuns> request) {
    List<Run> newestFirst = new ArrayList<>();
    for (Entry entry : entries.values()) {
      newestFirst.add(0, entry.run);
    }
    String before = request.body().before();
    List<Run> page =
        newestFirst.stream()
            .filter(run -> before == null || run.id().compareTo(before) < 0)
            .limit(request.body().limit())
            .toList();
    request.reply(new BusMessage.ManyRuns(page));
  }

  private void cancel(Message<BusMessage.ForRun> request) {
    Entry entry = known(request);
    if (entry == null) {
      return;
    }
    if (entry.run.status().hasEnded()) {
      refuse(
          request,
          Refusal.WRONG_STATUS,
          "This run has ended already (%s).".formatted(entry.run.status().label()));
      return;
    }
    end(entry, TrainingStatus.CANCELLED);
    startNext();
    reply(request, entry);
  }

  private void delete(Message<BusMessage.ForRun> request) {
    Entry entry = known(request);
    if (entry == null) {
      return;
    }
    if (!entry.run.status().hasEnded()) {
      refuse(
          request,
          Refusal.WRONG_STATUS,
          "This run is %s. Cancel it before deleting it.".formatted(entry.run.status().label()));
      return;
    }
    remove(entry);
    reply(request, entry);
  }

  private void progress(Message<BusMessage.Progress> told) {
    Entry entry = entries.get(told.body().runId());
    if (entry == null || entry.run.status().hasEnded()) {
      LOG.warn("dropped an event of run {}, which is not running", told.body().runId());
    } else {
      record(entry, told.body().event());
      finishWhenAllEnded(entry);
    }
    told.reply(null);
  }

  private void start(Entry entry) {
    record(entry, new RunChange(0, RunStatus.RUNNING, now()));
    RunSettings settings = entry.run.settings();
    for (Variant variant : settings.variants()) {
      var start = new BusMessage.Start(entry.run.id(), settings, variant);
      vertx
          .eventBus()
          .request(Addresses.TRAINING_START, start)
          .onFailure(failure -> couldNotStart(entry, variant, failure));
    }
  }

  private void couldNotStart(Entry entry, Variant variant, Throwable failure) {
    LOG.error("run {}, variant {} could not start", entry.run.id(), variant.name(), failure);
    if (!entry.run.status().hasEnded()) {
      record(
          entry,
          new TrainingChange(
              0, variant.name(), TrainingStatus.FAILED, "No worker took this training."));
      finishWhenAllEnded(entry);
    }
  }

  /** Ends what waits at once, and what runs as soon as its trainings say so. */
  private void end(Entry entry, TrainingStatus status) {
    if (entry.run.status() == RunStatus.RUNNING) {
      entry.asked = status;
      vertx
          .eventBus()
          .publish(Addresses.TRAINING_STOP, new BusMessage.Stop(entry.run.id(), status));
    } else if (entry.run.status() == RunStatus.QUEUED) {
      for (Training training : entry.run.trainings()) {
        record(entry, new TrainingChange(0, training.variant(), status, null));
      }
      record(entry, new RunChange(0, runStatus(status), now()));
    }
  }

  private void finishWhenAllEnded(Entry entry) {
    List<Training> trainings = entry.run.trainings();
    if (!trainings.stream().allMatch(training -> training.status().hasEnded())) {
      return;
    }
    boolean stopped = trainings.stream().anyMatch(training -> training.status() == entry.asked);
    boolean failed =
        trainings.stream().anyMatch(training -> training.status() == TrainingStatus.FAILED);
    RunStatus status =
        stopped ? runStatus(entry.asked) : failed ? RunStatus.FAILED : RunStatus.COMPLETED;
    record(entry, new RunChange(0, status, now()));
    if (stopping == null) {
      startNext();
      trim();
    } else {
      completeStop();
    }
  }

  private void startNext() {
    for (Entry entry : List.copyOf(entries.values())) {
      if (count(RunStatus.RUNNING) >= limits.activeRuns()) {
        return;
      }
      if (entry.run.status() == RunStatus.QUEUED) {
        start(entry);
      }
    }
  }

  private void completeStop() {
    if (count(RunStatus.RUNNING) == 0) {
      stopping.tryComplete();
    }
  }

  /** The one place where an event gets its number. */
  private void record(Entry entry, RunEvent event) {
    RunEvent numbered = event.numbered(++entry.seq);
    entry.run = entry.run.after(numbered);
    vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.Happened(entry.run, numbered));
  }

  /** Lets the oldest ended runs go until the rest fit the limits. */
  private void trim() {
    long iterations = 0;
    for (Entry entry : entries.values()) {
      iterations += entry.keptIterations();
    }
    for (Entry entry : List.copyOf(entries.values())) {
      if (entries.size() <= limits.keptRuns() && iterations <= limits.keptIterations()) {
        return;
      }
      if (entry.run.status().hasEnded()) {
        iterations -= entry.keptIterations();
        remove(entry);
      }
    }
  }

  private void remove(Entry entry) {
    entries.remove(entry.run.id());
    vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.Removed(entry.run.id()));
  }

  private Entry known(Message<BusMessage.ForRun> request) {
    Entry entry = entries.get(request.body().id());
    if (entry == null) {
      refuse(request, Refusal.UNKNOWN_RUN, "There is no run with this id.");
    }
    return entry;
  }

  private long count(RunStatus status) {
    return entries.values().stream().filter(entry -> entry.run.status() == status).count();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static RunStatus runStatus(TrainingStatus status) {
    return status == TrainingStatus.CANCELLED ? RunStatus.CANCELLED : RunStatus.INTERRUPTED;
  }

  private static void reply(Message<?> request, Entry entry) {
    request.reply(new BusMessage.OneRun(entry.run));
  }

  private static void refuse(Message<?> request, Refusal refusal, String why) {
    request.fail(refusal.code(), why);
  }

  private static final class Entry {
    Run run;
    long seq;

    /** What its trainings were asked to end as, or null. */
    TrainingStatus asked;

    Entry(Run run) {
      this.run = run;
    }

    long keptIterations() {
      if (!run.status().hasEnded()) {
        return run.settings().iterations() * run.trainings().size();
      }
      return run.trainings().stream().mapToLong(Training::iteration).sum();
    }
  }
}
