package dev.tandem.training;

import dev.tandem.dl4j.ModelZip;
import dev.tandem.dl4j.Networks;
import dev.tandem.nn.WeightsZip;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage.ForModel;
import dev.tandem.run.BusMessage.Kept;
import dev.tandem.run.BusMessage.ModelPart;
import dev.tandem.run.BusMessage.OpenModel;
import dev.tandem.run.BusMessage.OpenedModel;
import dev.tandem.run.ModelFormat;
import dev.tandem.run.Refusal;
import dev.tandem.run.TrainingPlan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out trained networks as files, part by part, as fast as whoever reads asks for more. At
 * most {@value #MOST} at a time, because each is held in memory meanwhile; who comes then is
 * refused at once. Belongs to the event loop of its verticle.
 */
final class Downloads {
  private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
  private static final int MOST = 2;

  /** One that is asked for nothing for so long is given up. */
  private static final long IDLE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Vertx vertx;
  private final Supplier<Future<Compute>> compute;
  private final Map<String, Open> open = new HashMap<>();
  private int opening;

  /**
   * @param compute is there once networks can be described
   */
  Downloads(Vertx vertx, Supplier<Future<Compute>> compute) {
    this.vertx = vertx;
    this.compute = compute;
  }

  Future<?> start() {
    var bus = vertx.eventBus();
    return Future.all(
        bus.<OpenModel>consumer(Addresses.TRAINING_MODEL, this::open).completion(),
        bus.<ForModel>consumer(Addresses.TRAINING_MODEL_PART, this::part).completion(),
        bus.<ForModel>consumer(
                Addresses.TRAINING_MODEL_CLOSE, request -> close(request.body().id()))
            .completion());
  }

  private void open(Message<OpenModel> request) {
    if (opening + open.size() >= MOST) {
      Refusal.TOO_MANY.answer(
          request,
          "%d networks are being downloaded already. Try again in a moment.".formatted(MOST));
      return;
    }
    opening++;
    vertx
        .eventBus()
        .<Kept>request(Addresses.STORE_MODEL, request.body().of())
        .compose(kept -> opened(request.body(), kept.body()))
        .onComplete(done -> opening--)
        .onSuccess(request::reply)
        .onFailure(
            failure -> {
              LOG.error("model of {}", request.body(), failure);
              request.fail(-1, String.valueOf(failure.getMessage()));
            });
  }

  private Future<OpenedModel> opened(OpenModel asked, Kept kept) {
    if (kept.state() == null) {
      return Future.succeededFuture(OpenedModel.NONE);
    }
    TrainingPlan plan = kept.run().settings().plan(asked.of().training());
    Optional<String> lacking = Networks.lacks(plan.network());
    if (asked.format() == ModelFormat.DL4J && lacking.isPresent()) {
      return Future.succeededFuture(
          OpenedModel.lacking(
              "DeepLearning4J has %s, so there is no file of it of this network; with ?format=%s there are NumPy's arrays."
                  .formatted(lacking.get(), ModelFormat.NPZ.label())));
    }
    return compute
        .get()
        .compose(ready -> vertx.executeBlocking(() -> zip(plan, kept, asked.format()), false))
        .map(
            zip -> {
              String id = UUID.randomUUID().toString();
              open.put(id, new Open(zip, giveUpLater(id)));
              return OpenedModel.ready(id, zip.length());
            })
        .recover(
            failure ->
                failure instanceof UnusableStateException
                    ? Future.succeededFuture(OpenedModel.unusable(failure.getMessage()))
                    : Future.failedFuture(failure));
  }

  private static WeightsZip zip(TrainingPlan plan, Kept kept, ModelFormat format)
      throws IOException, UnusableStateException {
    TrainedNetwork network = TrainedNetwork.read(kept.state(), plan);
    return switch (format) {
      case DL4J -> zip(plan, network);
      case NPZ -> network.arrays(plan.network().dropout() > 0).zip(network::readFlat);
    };
  }

  static WeightsZip zip(TrainingPlan plan, TrainedNetwork network) throws IOException {
    Shape shape = network.shape();
    return ModelZip.of(
        plan, shape.inputs(), shape.classes(), shape.parameters(), network::readFlat);
  }

  private void part(Message<ForModel> request) {
    String id = request.body().id();
    Open of = open.get(id);
    if (of == null) {
      request.fail(-1, "This download was given up, because nothing was asked of it for long.");
      return;
    }
    vertx.cancelTimer(of.timer);
    vertx
        .executeBlocking(of.zip::next, false)
        .onSuccess(
            bytes -> {
              request.reply(new ModelPart(bytes, of.zip.isWhole()));
              if (of.zip.isWhole()) {
                close(id);
              } else {
                open.computeIfPresent(id, (same, now) -> new Open(of.zip, giveUpLater(id)));
              }
            })
        .onFailure(
            failure -> {
              LOG.error("a model's part", failure);
              close(id);
              request.fail(-1, String.valueOf(failure.getMessage()));
            });
  }

  private long giveUpLater(String id) {
    return vertx.setTimer(IDLE_MILLIS, idle -> close(id));
  }

  private void close(String id) {
    Open was = open.remove(id);
    if (was != null) {
      vertx.cancelTimer(was.timer);
      if (open.isEmpty() && opening == 0) {
        vertx
            .executeBlocking(NativeMemory::trim, false)
            .onFailure(failure -> LOG.debug("the native heap was not trimmed", failure));
      }
    }
  }

  private record Open(WeightsZip zip, long timer) {}
}
