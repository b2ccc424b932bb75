package dev.tandem.run;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.List;

/** What the coordinator asks of the store. */
final class StoredRuns {
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
  Future<BusMessage.Stored> standing(String id) {
    return bus.<BusMessage.Stored>request(Addresses.STORE_STANDING, new BusMessage.ForRun(id))
        .map(Message::body)
        .compose(found -> found.run() == null ? unknown() : Future.succeededFuture(found));
  }

  /** What is said of a run that there is not. */
  static <T> Future<T> unknown() {
    return Future.failedFuture(Refusal.UNKNOWN_RUN.because("There is no run with this id."));
  }

  Future<BusMessage.ManyRuns> list(BusMessage.ListRuns question) {
    return bus.<BusMessage.ManyRuns>request(Addresses.STORE_LIST, question).map(Message::body);
  }

  Future<List<BusMessage.Stored>> unfinished() {
    return bus.<BusMessage.ManyStored>request(
            Addresses.STORE_UNFINISHED, new BusMessage.ListRuns(0, null))
        .map(reply -> reply.body().runs());
  }

  Future<?> delete(String id) {
    return bus.request(Addresses.STORE_DELETE, new BusMessage.ForRun(id));
  }
}
