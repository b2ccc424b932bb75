package dev.tandem.live;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
 * one that has ended is read from the store when somebody asks, and let go again when {@value
 * #KEPT} others were asked for since. Belongs to the event loop on which {@link #start} was called:
 * its other methods are to be called there.
 */
public final class Live {
  private static final int KEPT = 20;
  private static final int PAGE = 2000;

  private final Vertx vertx;
  private final Clock clock;
  private final LiveMeters meters;
  private final Duration patience;

  /** The one asked for last is the last. */
  private final Map<String, Loading> runs = new LinkedHashMap<>(16, 0.75f, true);

  private final RunChanges changes = new RunChanges();
  private final Broadcast everyone;

  /**
   * @param patience how long a viewer may read nothing while there is something to read
   */
  public Live(Vertx vertx, MeterRegistry registry, Clock clock, Duration patience) {
    this.vertx = vertx;
    this.clock = clock;
    this.patience = patience;
    this.meters = new LiveMeters(registry);
    this.everyone = new Broadcast(vertx, changes, meters, patience);
  }

  /** Listens to the bus from now on. */
  public Future<?> start() {
    return vertx.eventBus().<BusMessage>consumer(Addresses.EVENTS, this::happened).completion();
  }

  /** A run; null if there is none of this name. */
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
      Loading loading = runs.remove(removed.runId());
      if (loading != null) {
        loading.run.broadcast().close("This run was deleted.");
      }
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
    changed.forEach(loading -> loading.run.broadcast().changed());
  }

  /** The run that has news; null if it ended long ago and nobody has asked for it. */
  private Loading happened(BusMessage.Happened news) {
    String runId = news.run().id();
    Loading loading = runs.get(runId);
    if (loading == null && news.event().seq() == 1) {
      loading = new Loading(new LiveRun(vertx, meters, patience));
      runs.put(runId, loading);
      loading.done();
      letGo();
    } else if (loading == null && !news.run().status().hasEnded()) {
      // A run of the server before this one goes on; what is told is in the store by then.
      loading = load(runId);
    }
    if (loading != null) {
      loading.take(news);
    }
    if (news.event() instanceof RunEvent.RunChange change) {
      changed(news.run(), change.at());
    } else if (news.event() instanceof RunEvent.Label label) {
      changed(news.run(), label.at());
    }
    return loading;
  }

  private void changed(Run run, Instant at) {
    changes.changed(run, at);
    everyone.changed();
  }

  private Loading load(String runId) {
    Loading loading = new Loading(new LiveRun(vertx, meters, patience));
    runs.put(runId, loading);
    readOn(runId, loading);
    letGo();
    return loading;
  }

  private void readOn(String runId, Loading loading) {
    RunLog log = loading.run.log();
    vertx
        .eventBus()
        .<BusMessage.Events>request(
            Addresses.STORE_EVENTS, new BusMessage.ReadEvents(runId, log.last(), PAGE))
        .onSuccess(
            reply -> {
              BusMessage.Events page = reply.body();
              if (page.run() == null) {
                runs.remove(runId, loading);
                loading.unknown();
                return;
              }
              page.events().forEach(event -> log.append(page.run(), event));
              if (page.events().size() == PAGE) {
                readOn(runId, loading);
              } else {
                loading.done();
              }
            })
        .onFailure(
            failure -> {
              runs.remove(runId, loading);
              loading.failed(failure);
            });
  }

  private void letGo() {
    List<String> idle = new ArrayList<>();
    runs.forEach(
        (id, loading) -> {
          if (loading.run.isIdle()) {
            idle.add(id);
          }
        });
    for (int i = 0; i < idle.size() - KEPT; i++) {
      runs.remove(idle.get(i));
    }
  }

  /** A run whose past is being read, until it has been. */
  private static final class Loading {
    private final LiveRun run;
    private final Promise<LiveRun> read = Promise.promise();

    /** What happened while it was being read; null afterwards. */
    private List<BusMessage.Happened> meanwhile = new ArrayList<>();

    Loading(LiveRun run) {
      this.run = run;
    }

    Future<LiveRun> loaded() {
      return read.future();
    }

    void take(BusMessage.Happened news) {
      if (meanwhile != null) {
        meanwhile.add(news);
      } else if (news.event().seq() > run.log().last()) {
        run.log().append(news.run(), news.event());
      }
    }

    void done() {
      List<BusMessage.Happened> waiting = meanwhile;
      meanwhile = null;
      waiting.forEach(this::take);
      run.broadcast().changed();
      read.complete(run);
    }

    void unknown() {
      read.complete(null);
    }

    void failed(Throwable failure) {
      read.fail(failure);
    }
  }
}
