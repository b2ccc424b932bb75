package dev.tandem.web;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;

/** Answers what is not HTTP, or too long, or an address that can't be read or looked up. */
final class Malformed {
  private final Refusals refusals;

  Malformed(Refusals refusals) {
    this.refusals = refusals;
  }

  /** Before all routes that look at the address. */
  void mount(Router router) {
    router.route().handler(this::readable);
  }

  private void readable(RoutingContext context) {
    String path;
    MultiMap query;
    try {
      path = context.normalizedPath();
      query = context.request().params();
    } catch (IllegalArgumentException e) {
      refusals.count(Refusals.Reason.MALFORMED);
      Problem.badRequest("In an address, % stands before two hexadecimal digits.").answer(context);
      return;
    }
    Map<String, String> faults = new TreeMap<>();
    query.forEach(
        (name, value) -> {
          if (hasNul(name) || hasNul(value)) {
            faults.put(name, "must not hold the character of number 0");
          }
        });
    if (!faults.isEmpty()) {
      Problem.badFields(faults).answer(context);
    } else if (hasNul(path) || path.contains("%00")) {
      Problem.notFound("There is nothing at this address.").answer(context);
    } else {
      context.next();
    }
  }

  /** It has no place in a text of PostgreSQL, nor in a file's name. */
  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }

  /** Hangs up as well: there is no telling what would follow. */
  void answer(HttpServerRequest request) {
    refusals.count(Refusals.Reason.MALFORMED);
    PageRoutes.putHeaders(request.response());
    request.response().putHeader(HttpHeaders.CONNECTION, "close");
    problem(request.decoderResult().cause()).answer(request.response());
    request.connection().close();
  }

  private static Problem problem(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Problem.of(414, "URI too long", "An address may be at most 4 KiB long.");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Problem.of(431, "Header too large", "The headers may be at most 8 KiB long.");
    }
    return Problem.badRequest("This is not HTTP.");
  }
}
