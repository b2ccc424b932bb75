package dev.tandem.coordinator;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.StoreMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the coordinator asks of the store. */
final class StoredRuns {
  /** What is deleted late is still to be told of. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(TimeUnit.MINUTES.toMillis(5));

  /** Longer than a connection to the database is waited for: why there is none is then known. */
  private static final DeliveryOptions SOON = new DeliveryOptions().setSendTimeout(8_000);

  private final EventBus bus;

  StoredRuns(EventBus bus) {
    this.bus = bus;
  }

  /** Fails with {@link Refusal#UNKNOWN_RUN} if there is none. */
  Future<Run> run(String id) {
    return bus.<BusMessage.OneRun>request(Addresses.STORE_RUN, new BusMessage.ForRun(id))
        .map(reply -> reply.body().run())
        .compose(run -> run == null ? unknown() : Future.succeededFuture(run));
  }

  /** A run and its last event's number; fails like {@link #run}. */
  Future<StoreMessage.Stored> standing(String id) {
    return bus.<StoreMessage.Stored>request(Addresses.STORE_STANDING, new BusMessage.ForRun(id))
        .map(Message::body)
        .compose(found -> found.run() == null ? unknown() : Future.succeededFuture(found));
  }

  /** The run that was asked for with a key, and its first event; the run null if there is none. */
  Future<StoreMessage.Events> submitted(String idempotencyKey) {
    return bus.<StoreMessage.Events>request(
            Addresses.STORE_SUBMITTED,
            new StoreMessage.ForKey(idempotencyKey),
            new DeliveryOptions().setSendTimeout(Submissions.STORE_MILLIS))
        .map(Message::body);
  }

  /** What is said of a run that there is not. */
  static <T> Future<T> unknown() {
    return Future.failedFuture(Refusal.UNKNOWN_RUN.because("There is no run with this id."));
  }

  Future<BusMessage.ManyRuns> list(BusMessage.ListRuns question) {
    return bus.<BusMessage.ManyRuns>request(Addresses.STORE_LIST, question).map(Message::body);
  }

  Future<List<StoreMessage.Stored>> unfinished() {
    return bus.<StoreMessage.ManyStored>request(
            Addresses.STORE_UNFINISHED, new BusMessage.ListRuns(0, null))
        .map(reply -> reply.body().runs());
  }

  /** Fails if nothing can be read just now. */
  Future<?> ready() {
    return bus.request(Addresses.STORE_LIST, new BusMessage.ListRuns(1, null), SOON);
  }

  /** What the store says, or that it says nothing. */
  static String why(Throwable failure) {
    boolean said =
        failure instanceof ReplyException reply
            && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE;
    return said ? failure.getMessage() : "The database does not answer.";
  }

  Future<?> delete(String id) {
    return bus.request(Addresses.STORE_DELETE, new BusMessage.ForRun(id), PATIENT);
  }
}
