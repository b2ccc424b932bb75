package dev.tandem.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.Optional;

/** A request's body, when it has to be one JSON object. */
final class JsonBody {
  /** A request is a few hundred bytes. */
  private static final long MAX_BODY = 64 * 1024;

  private JsonBody() {}

  /** Takes in a body of at most 64 KiB, and JSON alone. */
  static Route required(Route route) {
    return route
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
        .handler(JsonBody::jsonOnly);
  }

  private static void jsonOnly(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String bare = type == null ? "" : type.split(";", 2)[0].trim();
    if (bare.equalsIgnoreCase("application/json")) {
      context.next();
    } else {
      Problem.of(
              415,
              "Unsupported media type",
              "Send the request as application/json"
                  + (type == null ? "." : ", not as " + type + "."))
          .answer(context);
    }
  }

  /**
   * The object, or nothing if it is none; that has been answered then.
   *
   * @param example ends the sentence that says what would be right
   */
  static Optional<JsonObject> read(RoutingContext context, String example) {
    Buffer raw = context.body().buffer();
    try {
      // Jackson's own reader takes an object alone; this one any JSON.
      Object json = raw == null ? null : Json.decodeValue(raw);
      if (json instanceof Map<?, ?> || json instanceof JsonObject) {
        return Optional.of(new JsonObject(raw));
      }
      Problem.badRequest("The request must be a JSON object; " + example).answer(context);
    } catch (DecodeException e) {
      Problem.badRequest("The request is not JSON: " + firstLine(e.getMessage())).answer(context);
    }
    return Optional.empty();
  }

  private static String firstLine(String message) {
    String line = message.replaceFirst("^Failed to decode:\\s*", "").split("\\R", 2)[0];
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
