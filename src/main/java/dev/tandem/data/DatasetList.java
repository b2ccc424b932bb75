package dev.tandem.data;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage.ListDatasets;
import dev.tandem.run.BusMessage.ManyDatasets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers which datasets there are. Folders are looked at off the event loop, once at a time: those
 * who ask meanwhile get the same answer. Belongs to the event loop of the verticle that starts it.
 */
public final class DatasetList {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetList.class);

  private final Vertx vertx;
  private final ExampleStore examples;
  private Future<ManyDatasets> looking;

  public DatasetList(Vertx vertx, ExampleStore examples) {
    this.vertx = vertx;
    this.examples = examples;
  }

  /** Listens; the future completes when it does. */
  public Future<?> start() {
    return vertx
        .eventBus()
        .<ListDatasets>consumer(
            Addresses.DATASETS,
            request ->
                look()
                    .onSuccess(request::reply)
                    .onFailure(
                        failure -> {
                          LOG.error("the datasets", failure);
                          request.fail(-1, String.valueOf(failure.getMessage()));
                        }))
        .completion();
  }

  private Future<ManyDatasets> look() {
    if (looking == null) {
      looking =
          vertx
              .executeBlocking(() -> new ManyDatasets(examples.datasets()), false)
              .onComplete(looked -> looking = null);
    }
    return looking;
  }
}
