package dev.tandem.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Runs;
import dev.tandem.run.TrainingId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What a run's networks see: in an image that is sent, and in the test images; and those images.
 * Asking changes nothing, so whoever may watch may ask.
 */
final class NetworkRoutes {
  private static final int MOST_AT_ONCE = 1000;
  private static final int USUAL_AT_ONCE = 100;

  private final Runs runs;
  private final Allowance asks;
  private final Refusals refusals;

  /**
   * @param asks questions that a client may ask
   */
  NetworkRoutes(Runs runs, Allowance asks, Refusals refusals) {
    this.runs = runs;
    this.asks = asks;
    this.refusals = refusals;
  }

  void mount(Router router) {
    JsonBody.required(router.post(TokenGuard.ASKING)).handler(this::predict);
    router.get("/api/runs/:id/predictions").handler(this::predictions);
    router.get("/api/datasets/:dataset/test").handler(this::images);
  }

  private void predict(RoutingContext context) {
    Optional<JsonObject> body =
        JsonBody.read(
            context,
            "{\"image\": […]} with the %d grey values of %d × %d pixels."
                .formatted(DatasetInfo.PIXELS, DatasetInfo.SIDE, DatasetInfo.SIDE));
    if (body.isEmpty()) {
      return;
    }
    QueryNumbers query = new QueryNumbers(context);
    int repeat = repeat(query);
    byte[] image = DrawnImage.read(body.get(), query.errors());
    if (query.answeredFaults() || !isAllowed(context)) {
      return;
    }
    withVariants(
        context,
        repeat,
        training ->
            runs.ask(context.pathParam("id"), training, image)
                .map(seen -> Answer.of(training.variant(), seen)),
        (run, answers) -> answer(context, new Answers(run.classes(), answers)));
  }

  private void predictions(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int repeat = repeat(query);
    if (query.answeredFaults() || !isAllowed(context)) {
      return;
    }
    withVariants(
        context,
        repeat,
        training ->
            runs.tested(context.pathParam("id"), training)
                .map(told -> new TestTable.Tested(training.variant(), told)),
        (run, tested) -> answer(context, TestTable.of(repeat, run, tested)));
  }

  private void images(RoutingContext context) {
    QueryNumbers query = new QueryNumbers(context);
    int from = (int) query.get("from", 0, 0, DatasetInfo.MOST_TEST - 1);
    int most = Math.min(MOST_AT_ONCE, DatasetInfo.MOST_TEST - from);
    int count = (int) query.get("count", Math.min(USUAL_AT_ONCE, most), 1, most);
    if (query.answeredFaults() || !isAllowed(context)) {
      return;
    }
    // Of a run that was tested on other images than are here, nothing is to be shown in these.
    List<String> of = context.queryParam("run");
    Future<Run> run = of.isEmpty() ? Future.succeededFuture() : runs.get(of.get(0));
    run.compose(found -> runs.testImages(context.pathParam("dataset"), from, count, found))
        .onSuccess(
            images -> {
              if (images.pixels() == null) {
                Problem.notFound(images.unavailable()).answer(context);
              } else {
                answer(context, TestImages.of(from, images));
              }
            })
        .onFailure(failure -> RunRoutes.refused(context, failure));
  }

  private static int repeat(QueryNumbers query) {
    return (int) query.get("repeat", 1, 1, RunSettings.MAX_REPEATS);
  }

  /**
   * Whether the client may ask now; if not, that has been answered. Faulty questions cost nothing.
   */
  private boolean isAllowed(RoutingContext context) {
    int wait = asks.secondsToNext(context.request().remoteAddress());
    if (wait > 0) {
      refusals.count(Refusals.Reason.ASKS);
      Problem.tooMany(
              "%,d questions a minute may be asked from one address. Try again in %d s."
                  .formatted(asks.perMinute(), wait))
          .answer(context, wait);
      return false;
    }
    asks.take(context.request().remoteAddress());
    return true;
  }

  /** Asks the same of one repeat's training of each variant, and goes on with all the answers. */
  private <T> void withVariants(
      RoutingContext context,
      int repeat,
      Function<TrainingId, Future<T>> ask,
      BiConsumer<Run, List<T>> then) {
    runs.get(context.pathParam("id"))
        .onSuccess(
            run -> {
              if (repeat > run.settings().schedule().repeats()) {
                Problem.badFields(Map.of("repeat", noSuchRepeat(run))).answer(context);
                return;
              }
              List<Future<T>> asked = new ArrayList<>();
              run.settings()
                  .variants()
                  .forEach(of -> asked.add(ask.apply(new TrainingId(of.name(), repeat))));
              Future.all(asked)
                  .onSuccess(all -> then.accept(run, all.list()))
                  .onFailure(context::fail);
            })
        .onFailure(failure -> RunRoutes.refused(context, failure));
  }

  private static String noSuchRepeat(Run run) {
    int repeats = run.settings().schedule().repeats();
    return repeats == 1
        ? "must be 1: this run trains each variant once"
        : "must be a whole number from 1 to %d: so often this run trains each variant"
            .formatted(repeats);
  }

  private static void answer(RoutingContext context, Object body) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(Buffer.buffer(Json.write(body)));
  }

  /**
   * What all variants see in an image.
   *
   * @param classes their names, by label
   */
  private record Answers(List<String> classes, List<Answer> answers) {}

  /**
   * What one variant sees in an image.
   *
   * @param iteration steps that it had taken
   * @param probabilities of each class, 0–1
   * @param unavailable why there is no answer; then it is all there is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Answer(String variant, Long iteration, float[] probabilities, String unavailable) {
    static Answer of(String variant, Seen seen) {
      return seen.probabilities() == null
          ? new Answer(variant, null, null, seen.unavailable())
          : new Answer(variant, seen.iteration(), seen.probabilities(), null);
    }
  }
}
