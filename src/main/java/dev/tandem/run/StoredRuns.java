package dev.tandem.run;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
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
        .compose(
            reply ->
                reply.body().run() == null
                    ? Future.failedFuture(
                        new ReplyException(
                            ReplyFailure.RECIPIENT_FAILURE,
                            Refusal.UNKNOWN_RUN.code(),
                            "There is no run with this id."))
                    : Future.succeededFuture(reply.body().run()));
  }

  Future<List<Run>> list(BusMessage.ListRuns question) {
    return bus.<BusMessage.ManyRuns>request(Addresses.STORE_LIST, question)
        .map(reply -> reply.body().runs());
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
