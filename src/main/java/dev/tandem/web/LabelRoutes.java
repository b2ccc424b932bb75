package dev.tandem.web;

import dev.tandem.run.Json;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.Runs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run's name and note: changed only if they are as the one who changes them has seen them, should
 * the request say so with {@code If-Match}. A run's {@code ETag} stands for these two, not for what
 * its trainings make of it.
 */
final class LabelRoutes {
  private static final CharSequence ETAG = HttpHeaders.ETAG;

  /** A proxy that compresses may have made it a weak one. */
  private static final Pattern TAG = Pattern.compile("\\s*(?:W/)?\"([^\"]*)\"\\s*");

  private final Runs runs;

  LabelRoutes(Runs runs) {
    this.runs = runs;
  }

  void mount(Router router) {
    JsonBody.required(router.patch("/api/runs/:id")).handler(this::label);
  }

  /** Says which label a run is answered with. */
  static void tag(RoutingContext context, Run run) {
    context.response().putHeader(ETAG, '"' + run.labelTag() + '"');
  }

  private void label(RoutingContext context) {
    Optional<JsonObject> body = JsonBody.read(context, "{\"name\": …, \"note\": …}.");
    if (body.isEmpty()) {
      return;
    }
    String id = context.pathParam("id");
    try {
      LabelRequest asked = LabelRequest.of(body.get());
      Set<String> seen = seen(context.request().getHeader(HttpHeaders.IF_MATCH));
      runs.label(id, asked.name(), asked.note(), seen)
          .onSuccess(run -> answer(context, run))
          .onFailure(
              failure -> {
                if (Refusal.of(failure) == Refusal.CHANGED) {
                  conflict(context, id);
                } else {
                  RunRoutes.refused(context, failure);
                }
              });
    } catch (BadFields e) {
      Problem.badFields(e.errors()).answer(context);
    }
  }

  /** Null if any label will do. */
  private static Set<String> seen(String header) throws BadFields {
    if (header == null || header.trim().equals("*")) {
      return null;
    }
    Set<Matcher> tags =
        Arrays.stream(header.split(",")).map(TAG::matcher).collect(Collectors.toSet());
    if (!tags.stream().allMatch(Matcher::matches)) {
      throw new BadFields(
          Map.of("If-Match", "must be the ETag that the run came with, in its quotes, or *"));
    }
    return tags.stream().map(tag -> tag.group(1)).collect(Collectors.toSet());
  }

  private static void answer(RoutingContext context, Run run) {
    tag(context, run);
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(Buffer.buffer(Json.write(run)));
  }

  /** Somebody was faster: what the label is now, with its tag. */
  private void conflict(RoutingContext context, String id) {
    runs.get(id)
        .onSuccess(
            run -> {
              tag(context, run);
              JsonObject now = new JsonObject().put("name", run.name()).put("note", run.note());
              Problem.of(
                      412,
                      "Precondition failed",
                      "Somebody has changed this run's name or note meanwhile. See current for"
                          + " what they are now; send the change again with this answer's ETag.")
                  .answer(context, Map.of("current", now));
            })
        .onFailure(failure -> RunRoutes.refused(context, failure));
  }
}
