package dev.tandem.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * An error answer for people and programs, as {@code application/problem+json}.
 *
 * @param detail a sentence that says what is wrong and what would be right
 * @param errors messages by faulty field; empty if the fault is in none
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
record Problem(int status, String title, String detail, Map<String, String> errors) {
  static Problem badFields(Map<String, String> errors) {
    String detail =
        errors.size() == 1 ? "One field is wrong." : errors.size() + " fields are wrong.";
    return new Problem(400, "Bad request", detail, new TreeMap<>(errors));
  }

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail, Map.of());
  }

  static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail, Map.of());
  }

  static Problem conflict(String detail) {
    return new Problem(409, "Conflict", detail, Map.of());
  }

  static Problem unavailable(String detail) {
    return new Problem(503, "Unavailable", detail, Map.of());
  }

  static Problem tooMany(String detail) {
    return new Problem(429, "Too many requests", detail, Map.of());
  }

  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, Map.of());
  }

  /** Answers, and says when to come again. */
  void answer(RoutingContext context, int retryAfterSeconds) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterSeconds));
    answer(context);
  }

  void answer(RoutingContext context) {
    answer(context.response());
  }

  /** Answers with more than a problem always has. */
  void answer(RoutingContext context, Map<String, JsonObject> more) {
    answer(context.response(), more);
  }

  void answer(HttpServerResponse response) {
    answer(response, Map.of());
  }

  private void answer(HttpServerResponse response, Map<String, JsonObject> more) {
    if (response.ended() || response.headWritten()) {
      return;
    }
    JsonObject body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    if (!errors.isEmpty()) {
      JsonObject fields = new JsonObject();
      errors.forEach(fields::put);
      body.put("errors", fields);
    }
    more.forEach(body::put);
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .end(body.toBuffer());
  }
}
