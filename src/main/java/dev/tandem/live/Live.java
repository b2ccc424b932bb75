package dev.tandem.live;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.ServerWebSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of runs in memory, and the browsers that follow them. Runs that are going on are kept;
 * one that has ended is read from the store when somebody asks, and let go of again when {@value
 * #KEPT} others were asked for since, or when others need its place: all that have ended take a
 * quarter of the heap at most. What the bus loses is read from the store, what it repeats is
 * dropped. Belongs to the event loop on which {@link #start} was called: its other methods are to
 * be called there.
 */
public final class Live {
  private static final int KEPT = 20;

  /** Encoding takes a core for seconds where a run is long: one is left. */
  private static final int ENCODERS = 2;

  /** Looked after so often is a run that says nothing, in terms of the viewers' patience. */
  private static final int SILENCES = 6;

  private final Vertx vertx;
  private final Clock clock;
  private final LiveMeters meters;
  private final Duration patience;
  private final WorkerExecutor encoders;
  private final long room;

  /** The one asked for last is the last. */
  private final Map<String, Loading> runs = new LinkedHashMap<>(16, 0.75f, true);

  private final RunChanges changes = new RunChanges();
  private final Broadcast everyone;

  /** The newest run that was heard of; later runs have greater ids. */
  private String newest = "";

  /**
   * @param patience how long a viewer may read nothing while there is something to read
   */
  public Live(Vertx vertx, MeterRegistry registry, Clock clock, Duration patience) {
    this(vertx, registry, clock, patience, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * @param room bytes for runs that have ended
   */
  Live(Vertx vertx, MeterRegistry registry, Clock clock, Duration patience, long room) {
    this.vertx = vertx;
    this.clock = clock;
    this.patience = patience;
    this.room = room;
    this.meters = new LiveMeters(registry);
    this.everyone = new Broadcast(vertx, changes, meters, patience);
    this.encoders = vertx.createSharedWorkerExecutor("tandem-encoders", ENCODERS);
  }

  /** Listens to the bus from now on. */
  public Future<?> start() {
    vertx.setPeriodic(Math.max(1, patience.toMillis() / SILENCES), tick -> lookAfterSilent());
    return vertx.eventBus().<BusMessage>consumer(Addresses.EVENTS, this::happened).completion();
  }

  /** Makes answers of several milliseconds, off the event loop. */
  public WorkerExecutor encoders() {
    return encoders;
  }

  /** A run; null if there is none of this name. Fails with {@link NoRoomException}. */
  public Future<LiveRun> run(String runId) {
    Loading loading = runs.get(runId);
    return loading == null ? load(runId).loaded() : loading.loaded();
  }

  /** Sends the status changes of all runs from now on. */
  public void followAll(ServerWebSocket socket) {
    everyone.join(socket, changes.last());
  }

  private void happened(Message<BusMessage> told) {
    if (told.body() instanceof BusMessage.News news) {
      happened(news.all());
    } else if (told.body() instanceof BusMessage.Removed removed) {
      gone(removed.runId());
      changes.deleted(removed.runId(), clock.instant());
      everyone.changed();
    }
  }

  private void happened(List<BusMessage.Happened> all) {
    Set<Loading> changed = new LinkedHashSet<>();
    for (BusMessage.Happened news : all) {
      Loading loading = happened(news);
      if (loading != null) {
        changed.add(loading);
      }
    }
    // After all of it, so that it leaves in one frame.
    changed.forEach(loading -> loading.run().broadcast().changed());
  }

  /** The run that has news; null if it ended long ago and nobody has asked for it. */
  private Loading happened(BusMessage.Happened news) {
    String runId = news.run().id();
    Loading loading = runs.get(runId);
    if (loading == null && news.event().seq() == 1 && runId.compareTo(newest) > 0) {
      loading = new Loading(this, runId, newRun());
      runs.put(runId, loading);
      loading.begins();
      letGo();
    } else if (loading == null && !news.run().status().hasEnded()) {
      // A run of the server before this one goes on; what is told is in the store by then.
      loading = load(runId);
    }
    newest = runId.compareTo(newest) > 0 ? runId : newest;
    if (loading != null) {
      loading.heard(news);
    }
    noted(news.run(), news.event());
    return loading;
  }

  private LiveRun newRun() {
    return new LiveRun(vertx, encoders, meters, patience);
  }

  /** An event that the world has not heard of yet may change a run's place in the list. */
  void noted(Run run, RunEvent event) {
    if (event instanceof RunEvent.RunChange change) {
      changed(run, change.seq(), change.at());
    } else if (event instanceof RunEvent.Label label) {
      changed(run, label.seq(), label.at());
    }
  }

  private void changed(Run run, long event, Instant at) {
    if (changes.changed(run, event, at)) {
      everyone.changed();
    }
  }

  private Loading load(String runId) {
    Loading loading = new Loading(this, runId, newRun());
    runs.put(runId, loading);
    loading.readOn();
    return loading;
  }

  Vertx vertx() {
    return vertx;
  }

  boolean holds(Loading loading) {
    return runs.containsValue(loading);
  }

  void forget(Loading loading) {
    runs.values().remove(loading);
  }

  /** A run is no more. */
  void gone(String runId) {
    Loading loading = runs.remove(runId);
    if (loading != null) {
      loading.run().broadcast().close("This run was deleted.");
    }
  }

  /** The last that the bus told of a run may have been lost: nothing would tell of that. */
  private void lookAfterSilent() {
    List.copyOf(runs.values()).forEach(Loading::lookIfSilent);
  }

  /** Lets go of ended runs that nobody reads: those that were asked for longest ago. */
  void letGo() {
    List<String> idle = new ArrayList<>();
    long taken = 0;
    for (Map.Entry<String, Loading> entry : runs.entrySet()) {
      taken += entry.getValue().takes();
      if (entry.getValue().isIdle()) {
        idle.add(entry.getKey());
      }
    }
    for (int i = 0; i < idle.size() && (taken > room || idle.size() - i > KEPT); i++) {
      taken -= runs.remove(idle.get(i)).takes();
    }
  }

  /**
   * Makes room for a run that has ended.
   *
   * @param bytes that it will take
   * @return whether there is any; one run alone always has it
   */
  boolean hasRoomFor(Loading loading, long bytes) {
    loading.willTake(bytes);
    letGo();
    long others = 0;
    for (Loading other : runs.values()) {
      others += other == loading ? 0 : other.takes();
    }
    return others == 0 || others + bytes <= room;
  }
}
