package dev.tandem.store;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.StoreMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps runs, their events, checkpoints and models. Writes go one after the other through one
 * worker thread, reads beside them through a few others; the event loop only passes messages on.
 */
public final class StoreVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(StoreVerticle.class);
  private static final int READERS = 4;

  /** Runs whose models are kept, the newest. */
  private static final int KEPT_MODELS = 100;

  private final Path directory;
  private final Optional<String> url;
  private final int keptRuns;
  private final Timer commits;
  private final Counter failures;
  private WorkerExecutor writer;
  private WorkerExecutor readers;
  private Database database;
  private RunStore store;
  private String broken;

  /** Whether a step of giving space back is waiting or being done. */
  private boolean givingBack;

  /** Whether the last read has failed: that is logged once. */
  private boolean unreadable;

  /**
   * @param directory the data directory
   * @param url of a PostgreSQL database; empty for SQLite in the data directory
   * @param keptRuns ended runs beyond the newest so many are forgotten
   */
  public StoreVerticle(Path directory, Optional<String> url, int keptRuns, MeterRegistry registry) {
    this.directory = directory;
    this.url = url;
    this.keptRuns = keptRuns;
    commits =
        Timer.builder("tandem.store.commit")
            .description("Making a batch of events durable.")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
    failures =
        Counter.builder("tandem.store.failures")
            .description("Writes that the database refused; batches of events are tried again.")
            .register(registry);
  }

  /** Fails with a {@link StoreException} if the database can't be used. */
  @Override
  public Future<?> start() {
    writer = vertx.createSharedWorkerExecutor("tandem-store-writer", 1);
    readers = vertx.createSharedWorkerExecutor("tandem-store-readers", READERS);
    return writer
        .executeBlocking(() -> Database.open(directory, url))
        .compose(
            opened -> {
              database = opened;
              store = new RunStore(opened);
              return listen();
            });
  }

  private Future<?> listen() {
    return Future.all(
        List.of(
            on(Addresses.STORE_APPEND, this::append),
            this.<BusMessage.ForRun>on(
                Addresses.STORE_RUN,
                request ->
                    read(request, () -> new BusMessage.OneRun(store.run(request.body().id())))),
            this.<StoreMessage.ForKey>on(
                Addresses.STORE_SUBMITTED,
                request -> read(request, () -> store.submitted(request.body().idempotencyKey()))),
            this.<BusMessage.ForRun>on(
                Addresses.STORE_STANDING,
                request -> read(request, () -> store.standing(request.body().id()))),
            this.<BusMessage.ListRuns>on(
                Addresses.STORE_LIST,
                request -> read(request, () -> store.find(request.body().query()))),
            this.<BusMessage>on(
                Addresses.STORE_UNFINISHED,
                request -> read(request, () -> new StoreMessage.ManyStored(store.unfinished()))),
            this.<StoreMessage.ReadEvents>on(
                Addresses.STORE_EVENTS,
                request ->
                    read(
                        request,
                        () ->
                            store.events(
                                request.body().runId(),
                                request.body().after(),
                                request.body().limit()))),
            this.<StoreMessage.ReadLast>on(
                Addresses.STORE_LAST,
                request ->
                    read(
                        request,
                        () -> new StoreMessage.LastOfRuns(store.last(request.body().runs())))),
            this.<BusMessage.ForRun>on(
                Addresses.STORE_DELETE,
                request ->
                    write(
                            request,
                            () -> {
                              store.delete(request.body().id());
                              return null;
                            })
                        .onSuccess(deleted -> giveSpaceBack())),
            keeps(Addresses.STORE_KEEP_CHECKPOINT, RunStore.Kind.CHECKPOINT),
            keeps(Addresses.STORE_KEEP_MODEL, RunStore.Kind.MODEL),
            kept(Addresses.STORE_CHECKPOINT, RunStore.Kind.CHECKPOINT),
            kept(Addresses.STORE_MODEL, RunStore.Kind.MODEL)));
  }

  private Future<Void> keeps(String address, RunStore.Kind kind) {
    return this.<BusMessage.Keep>on(
        address,
        request ->
            write(
                request,
                () -> {
                  store.keep(kind, request.body());
                  return null;
                }));
  }

  private Future<Void> kept(String address, RunStore.Kind kind) {
    return this.<BusMessage.ForTraining>on(
        address, request -> read(request, () -> store.kept(kind, request.body())));
  }

  private <T> Future<Void> on(String address, io.vertx.core.Handler<Message<T>> handler) {
    return vertx.eventBus().<T>consumer(address, handler).completion();
  }

  private void append(Message<StoreMessage.Append> request) {
    StoreMessage.Append asked = request.body();
    CommitGate gate = new CommitGate();
    Future<BusMessage> written =
        writer.executeBlocking(
            () -> {
              long began = System.nanoTime();
              store.append(asked, gate::pass);
              commits.record(Duration.ofNanos(System.nanoTime() - began));
              return null;
            });
    Future<BusMessage> inTime = asked.withinMillis() == null ? written : or(gate, asked, written);
    answerWrite(request, inTime);
    if (asked.news().stream().anyMatch(happened -> happened.run().status().hasEnded())) {
      forgetOld();
    }
  }

  /** What is written, or, when its time is over first, that it is not and won't be. */
  private Future<BusMessage> or(
      CommitGate gate, StoreMessage.Append asked, Future<BusMessage> written) {
    Promise<BusMessage> first = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, asked.withinMillis()),
            over -> {
              if (gate.close()) {
                first.tryFail(new TooLateException());
              }
            });
    written.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            first.tryComplete(done.result());
          } else {
            first.tryFail(done.cause());
          }
        });
    return first.future();
  }

  private void forgetOld() {
    writer
        .executeBlocking(
            () -> {
              List<String> old = store.beyond(keptRuns);
              for (String id : old) {
                store.delete(id);
              }
              store.dropModelsBeyond(KEPT_MODELS);
              return old;
            })
        .onSuccess(
            old -> {
              old.forEach(
                  id -> vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.Removed(id)));
              if (!old.isEmpty()) {
                giveSpaceBack();
              }
            })
        .onFailure(failure -> LOG.warn("old runs could not be removed", failure));
  }

  /** A step at a time, behind what else is to be written: at most one is waiting. */
  private void giveSpaceBack() {
    if (givingBack) {
      return;
    }
    givingBack = true;
    writer
        .executeBlocking(database::giveSpaceBack)
        .onFailure(failure -> LOG.warn("no space was given back: {}", failure.getMessage()))
        .onComplete(
            done -> {
              givingBack = false;
              if (done.succeeded() && done.result()) {
                giveSpaceBack();
              }
            });
  }

  private void read(Message<?> request, Callable<BusMessage> work) {
    readers
        .executeBlocking(work, false)
        .onSuccess(
            found -> {
              unreadable = false;
              request.reply(found);
            })
        .onFailure(
            failure -> {
              if (!unreadable) {
                LOG.error("{}", request.address(), failure);
              }
              unreadable = true;
              request.fail(-1, "The database can't be read: " + failure.getMessage());
            });
  }

  private Future<BusMessage> write(Message<?> request, Callable<BusMessage> work) {
    return answerWrite(request, writer.executeBlocking(work));
  }

  private Future<BusMessage> answerWrite(Message<?> request, Future<BusMessage> written) {
    Future<BusMessage> result =
        written
            .onSuccess(durable -> tell(null))
            .onFailure(
                failure -> {
                  failures.increment();
                  if (broken == null) {
                    LOG.error("the database can't be written", failure);
                  }
                  tell("The database can't be written: " + failure.getMessage());
                });
    answer(request, result);
    return result;
  }

  private static void answer(Message<?> request, Future<BusMessage> result) {
    result
        .onSuccess(request::reply)
        .onFailure(failure -> request.fail(code(failure), String.valueOf(failure.getMessage())));
  }

  private static int code(Throwable failure) {
    if (failure instanceof TooLateException) {
      return StoreMessage.Append.TOO_LATE;
    }
    return failure instanceof CommitException ? StoreMessage.Append.UNSURE : -1;
  }

  private void tell(String reason) {
    if (!java.util.Objects.equals(reason, broken)) {
      broken = reason;
      vertx.eventBus().publish(Addresses.STORE_STATE, new StoreMessage.StoreState(reason));
    }
  }

  @Override
  public Future<?> stop() {
    if (database == null) {
      return Future.succeededFuture();
    }
    return writer.executeBlocking(
        () -> {
          database.close();
          return null;
        });
  }
}
