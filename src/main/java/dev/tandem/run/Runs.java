package dev.tandem.run;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.Set;

/**
 * What one can ask of the coordinator, wherever it is. A future fails with a {@link
 * io.vertx.core.eventbus.ReplyException} that {@link Refusal#of} explains and whose message is for
 * people.
 */
public final class Runs {
  /** Whoever asks a network looks at it now: a late answer is of no use. */
  private static final DeliveryOptions SOON = new DeliveryOptions().setSendTimeout(10_000);

  private static final String SILENT = "The network did not answer in time. Ask again.";

  private final EventBus bus;

  public Runs(Vertx vertx) {
    this.bus = vertx.eventBus();
  }

  /** A new run with settings that have no {@link RunSettings#faults()}. */
  public Future<Run> submit(RunSettings settings) {
    return submit(settings, null);
  }

  /**
   * A new run, or the one that was asked for with the same key. When this is refused there is none,
   * and won't be; only when there is no answer in time it may be there or not.
   *
   * @param idempotencyKey null for none
   */
  public Future<Run> submit(RunSettings settings, String idempotencyKey) {
    return ask(Addresses.SUBMIT, new BusMessage.Submit(settings, idempotencyKey));
  }

  /** Whether those who train have memory for a run; if they don't answer, that is to be seen. */
  public Future<BusMessage.Room> room(RunSettings settings) {
    return bus.<BusMessage.Room>request(
            Addresses.TRAINING_ROOM, new BusMessage.AskRoom(settings), SOON)
        .map(reply -> reply.body())
        .otherwise(BusMessage.Room.ENOUGH);
  }

  public Future<Run> get(String id) {
    return ask(Addresses.GET, new BusMessage.ForRun(id));
  }

  /** Ends a run soon: its trainings stop within one iteration. */
  public Future<Run> cancel(String id) {
    return ask(Addresses.CANCEL, new BusMessage.ForRun(id));
  }

  /** The pace of a run that has not ended. */
  public Future<BusMessage.Pace> pace(String id) {
    return bus.<BusMessage.Pace>request(Addresses.PACE, new BusMessage.ForRun(id))
        .map(reply -> reply.body());
  }

  /**
   * Has all trainings of a run that has not ended keep a pace from now on.
   *
   * @param iterationsPerSecond null for as fast as it goes
   */
  public Future<BusMessage.Pace> setPace(String id, Double iterationsPerSecond) {
    return bus.<BusMessage.Pace>request(
            Addresses.SET_PACE, new BusMessage.Pace(id, iterationsPerSecond))
        .map(reply -> reply.body());
  }

  /**
   * Gives a run, ended or not, another name or note.
   *
   * @param name empty for none; null to leave it as it is
   * @param note empty for none; null to leave it as it is
   * @param seen {@linkplain Run#labelTag tags}: if it has a label of another, it is left as it is
   *     and this is refused as {@link Refusal#CHANGED}; null to change it whatever it is
   */
  public Future<Run> label(String id, String name, String note, Set<String> seen) {
    return ask(Addresses.LABEL, new BusMessage.Relabel(id, name, note, seen));
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
    return find(RunQuery.newest(limit, before)).map(BusMessage.ManyRuns::runs);
  }

  /** Runs as they are asked for, and how many there are. */
  public Future<BusMessage.ManyRuns> find(RunQuery query) {
    return bus.<BusMessage.ManyRuns>request(Addresses.LIST, new BusMessage.ListRuns(query))
        .map(reply -> reply.body());
  }

  /**
   * Opens what a training learnt for a download as a file; refused while as many are being
   * downloaded as may. Whoever opens one reads it to its last part, or closes it.
   */
  public Future<BusMessage.OpenedModel> openModel(
      String id, TrainingId training, ModelFormat format) {
    return bus.<BusMessage.OpenedModel>request(
            Addresses.TRAINING_MODEL,
            new BusMessage.OpenModel(new BusMessage.ForTraining(id, training), format))
        .map(reply -> reply.body());
  }

  /** A download's next part. */
  public Future<BusMessage.ModelPart> nextPart(String download) {
    return bus.<BusMessage.ModelPart>request(
            Addresses.TRAINING_MODEL_PART, new BusMessage.ForModel(download))
        .map(reply -> reply.body());
  }

  /** Ends a download of which nobody wants the rest. */
  public void closeModel(String download) {
    bus.send(Addresses.TRAINING_MODEL_CLOSE, new BusMessage.ForModel(download));
  }

  /**
   * What a network sees in images, in training or afterwards; says so if it can't be asked.
   *
   * @param pixels {@link DatasetInfo#PIXELS} grey values an image, as unsigned bytes, 255 being ink
   */
  public Future<BusMessage.Seen> ask(String id, TrainingId training, byte[] pixels) {
    return bus.<BusMessage.Seen>request(
            Addresses.TRAINING_ASK, new BusMessage.Ask(id, training, pixels), SOON)
        .map(reply -> reply.body())
        .otherwise(failure -> BusMessage.Seen.unavailable(SILENT));
  }

  /**
   * What a network took the test images for at the end of its last epoch; or why that isn't known.
   */
  public Future<BusMessage.TestAnswers> tested(String id, TrainingId training) {
    return bus.<BusMessage.TestAnswers>request(
            Addresses.TRAINING_TESTED, new BusMessage.ForTraining(id, training), SOON)
        .map(reply -> reply.body())
        .otherwise(failure -> BusMessage.TestAnswers.unavailable(SILENT));
  }

  /**
   * Test images that this server holds.
   *
   * @param of a run that they are to be the test images of, or null
   */
  public Future<BusMessage.Images> testImages(String dataset, int from, int count, Run of) {
    return bus.<BusMessage.Images>request(
            Addresses.TRAINING_IMAGES, new BusMessage.ReadImages(dataset, from, count, of))
        .map(reply -> reply.body());
  }

  /** The datasets that runs can ask for, and those that have a fault. */
  public Future<List<DatasetInfo>> datasets() {
    return bus.<BusMessage.ManyDatasets>request(Addresses.DATASETS, new BusMessage.ListDatasets())
        .map(reply -> reply.body().datasets());
  }

  /** Why runs can't be seen to just now, a sentence for people; null if all is well. */
  public Future<String> fault() {
    return bus.<StoreMessage.StoreState>request(Addresses.READY, null, SOON)
        .map(reply -> reply.body().reason());
  }

  /** Whether nobody has said anything: what was asked for may be done or not. */
  public static boolean isUnanswered(Throwable failure) {
    return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
  }

  /** Goes on with the runs that the last server left, or ends them as interrupted. */
  public Future<?> recover(boolean resume) {
    return bus.request(Addresses.RECOVER, new BusMessage.Recover(resume));
  }

  private Future<Run> ask(String address, BusMessage question) {
    return bus.<BusMessage.OneRun>request(address, question).map(reply -> reply.body().run());
  }
}
