package dev.tandem.run;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.List;

/**
 * What one can ask of the coordinator, wherever it is. A future fails with a {@link
 * io.vertx.core.eventbus.ReplyException} that {@link Refusal#of} explains and whose message is for
 * people.
 */
public final class Runs {
  private final EventBus bus;

  public Runs(Vertx vertx) {
    this.bus = vertx.eventBus();
  }

  /** A new run with settings that have no {@link RunSettings#faults()}. */
  public Future<Run> submit(RunSettings settings) {
    return ask(Addresses.SUBMIT, new BusMessage.Submit(settings));
  }

  public Future<Run> get(String id) {
    return ask(Addresses.GET, new BusMessage.ForRun(id));
  }

  /** Ends a run soon: its trainings stop within one iteration. */
  public Future<Run> cancel(String id) {
    return ask(Addresses.CANCEL, new BusMessage.ForRun(id));
  }

  /** Forgets a run that has ended. */
  public Future<Run> delete(String id) {
    return ask(Addresses.DELETE, new BusMessage.ForRun(id));
  }

  /**
   * Runs, newest first.
   *
   * @param limit at most so many
   * @param before only those older than this run, or null
   */
  public Future<List<Run>> list(int limit, String before) {
    return bus.<BusMessage.ManyRuns>request(Addresses.LIST, new BusMessage.ListRuns(limit, before))
        .map(reply -> reply.body().runs());
  }

  /** What a training learnt, as DeepLearning4J's zip; without it if it isn't kept. */
  public Future<BusMessage.Kept> model(String id, TrainingId training) {
    return bus.<BusMessage.Kept>request(
            Addresses.TRAINING_MODEL, new BusMessage.ForTraining(id, training))
        .map(reply -> reply.body());
  }

  /** Goes on with the runs that the last server left, or ends them as interrupted. */
  public Future<?> recover(boolean resume) {
    return bus.request(Addresses.RECOVER, new BusMessage.Recover(resume));
  }

  private Future<Run> ask(String address, BusMessage question) {
    return bus.<BusMessage.OneRun>request(address, question).map(reply -> reply.body().run());
  }
}
