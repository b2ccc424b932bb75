package dev.tandem.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * How long it takes from the end of a step to its point being on a screen, as the pages themselves
 * measure it: {@code GET /api/clock} tells them how far their clock is from the server's, {@code
 * POST /api/page-delays} takes what they have measured. Anyone who may watch may report.
 */
final class PageDelays {
  /** In one report. */
  private static final int MOST = 1000;

  private static final double LONGEST_SECONDS = 60;

  /** A page reports every 10 s, and a visitor may have a few of them. */
  private static final int REPORTS_PER_MINUTE = 60;

  private final Clock clock;
  private final Predicate<HttpServerRequest> mayWatch;
  private final Timer delay;
  private final Allowance reports = new Allowance(REPORTS_PER_MINUTE, System::nanoTime);

  PageDelays(Clock clock, Predicate<HttpServerRequest> mayWatch, MeterRegistry registry) {
    this.clock = clock;
    this.mayWatch = mayWatch;
    delay =
        Timer.builder("tandem.page.delay")
            .description(
                "From the end of the newest step in a drawn frame to the frame being on the screen, as the pages report it.")
            .serviceLevelObjectives(
                LongStream.of(10, 25, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000, 10_000, 60_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .register(registry);
  }

  /** Comes before the guard: who watches without a token reports as well. */
  void mount(Router router) {
    JsonBody.required(router.post("/api/page-delays")).handler(this::report);
  }

  /** Comes behind the guard. */
  void mountClock(Router router) {
    router.get("/api/clock").handler(this::clock);
  }

  private void clock(RoutingContext context) {
    Instant now = clock.instant();
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("milliseconds", now.getEpochSecond() * 1e3 + now.getNano() / 1e6)
                .toBuffer());
  }

  private void report(RoutingContext context) {
    if (!mayWatch.test(context.request())) {
      // A page whose session has just ended is no intruder; but nobody says who it is.
      context.response().setStatusCode(204).end();
      return;
    }
    int wait = reports.secondsToNext(context.request().remoteAddress());
    if (wait > 0) {
      Problem.tooMany("Delays come too often from this address.").answer(context, wait);
      return;
    }
    reports.take(context.request().remoteAddress());
    Optional<JsonObject> body = JsonBody.read(context, "{\"seconds\": [0.05]}.");
    if (body.isEmpty()) {
      return;
    }
    if (!isSound(body.get())) {
      Problem.badFields(
              Map.of(
                  "seconds",
                  "must be the only field, a list of 1 to %,d numbers from 0 to %.0f"
                      .formatted(MOST, LONGEST_SECONDS)))
          .answer(context);
      return;
    }
    for (Object seconds : body.get().getJsonArray("seconds")) {
      delay.record(Duration.ofNanos((long) (((Number) seconds).doubleValue() * 1e9)));
    }
    context.response().setStatusCode(204).end();
  }

  private static boolean isSound(JsonObject body) {
    return body.size() == 1
        && body.getValue("seconds") instanceof JsonArray list
        && !list.isEmpty()
        && list.size() <= MOST
        && list.stream()
            .allMatch(
                value ->
                    value instanceof Number number
                        && number.doubleValue() >= 0
                        && number.doubleValue() <= LONGEST_SECONDS);
  }
}
