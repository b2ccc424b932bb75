package dev.tandem.web;

import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Json;
import dev.tandem.run.Runs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code /api/datasets}: what runs can ask for. */
final class DatasetRoutes {
  private final Runs runs;

  DatasetRoutes(Runs runs) {
    this.runs = runs;
  }

  void mount(Router router) {
    router.get("/api/datasets").handler(this::list);
  }

  private void list(RoutingContext context) {
    runs.datasets()
        .onSuccess(
            datasets ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(Json.write(new Listed(datasets)))))
        .onFailure(failure -> RunRoutes.refused(context, failure));
  }

  private record Listed(List<DatasetInfo> datasets) {}
}
