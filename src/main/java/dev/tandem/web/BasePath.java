package dev.tandem.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The path below which a proxy serves this server. A proxy that passes it on needs it to be known
 * here: it is taken off before anything looks at the address. One that takes it off itself may name
 * it in {@code X-Forwarded-Prefix}. Without it the same addresses answer, so health checks and
 * scrapes need not know it.
 */
final class BasePath {
  static final String FORM = "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+";

  private static final String SEEN = "base path";

  private final String path;

  /**
   * @param path as {@code /tandem}; empty for none
   */
  BasePath(String path) {
    this.path = path;
  }

  /** Where the client finds this server's root, without the last slash: empty, or a path. */
  static String of(RoutingContext context) {
    return context.get(SEEN, "");
  }

  /** Comes before all that looks at the address. */
  void mount(Router router) {
    router.route().handler(this::takeOff);
  }

  private void takeOff(RoutingContext context) {
    HttpServerRequest request = context.request();
    String asked = request.path();
    boolean first = context.get(SEEN) == null;
    if (first) {
      context.put(SEEN, path.isEmpty() ? forwarded(request) : path);
    }
    if (!first || path.isEmpty() || asked == null) {
      context.next();
    } else if (asked.equals(path) && isReading(request)) {
      // What the page asks for is relative to its last slash.
      context
          .response()
          .setStatusCode(301)
          .putHeader(HttpHeaders.LOCATION, path + "/" + query(request))
          .end();
    } else if (asked.startsWith(path + "/")) {
      context.reroute(asked.substring(path.length()) + query(request));
    } else {
      context.next();
    }
  }

  private static boolean isReading(HttpServerRequest request) {
    return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
  }

  private static String query(HttpServerRequest request) {
    return request.query() == null ? "" : "?" + request.query();
  }

  /** Whoever makes one up gets a wrong address back, and nothing else. */
  private static String forwarded(HttpServerRequest request) {
    String prefix = request.getHeader("X-Forwarded-Prefix");
    String bare = prefix == null ? "" : prefix.replaceFirst("/$", "");
    return bare.matches(FORM) ? bare : "";
  }
}
