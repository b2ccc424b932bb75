package dev.tandem.web;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * HEAD wherever there is GET, with the same status and headers; and at every address a word on its
 * methods for who tries another.
 */
final class Methods {
  private static final String SOCKET = "opens a WebSocket";

  private Methods() {}

  /** Marks a route that has nothing to say to a HEAD. */
  static Route socket(Route route) {
    return route.putMetadata(SOCKET, true);
  }

  /** Comes before all routes. */
  static void mount(Router router) {
    router
        .route()
        .method(HttpMethod.HEAD)
        .handler(
            context -> {
              context.addHeadersEndHandler(end -> putLength(context));
              context.next();
            });
  }

  /** Of a body that was written but isn't sent. What a compressed one would have, nobody knows. */
  private static void putLength(RoutingContext context) {
    HttpServerResponse response = context.response();
    MultiMap headers = response.headers();
    if (headers.contains(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY, true)) {
      // Meant for the compressor, which a HEAD does not come by.
      headers.remove(HttpHeaders.CONTENT_ENCODING);
    }
    if (context.request().headers().contains(HttpHeaders.ACCEPT_ENCODING)) {
      headers.remove(HttpHeaders.CONTENT_LENGTH);
    } else if (response.bytesWritten() > 0 && !headers.contains(HttpHeaders.CONTENT_LENGTH)) {
      headers.set(HttpHeaders.CONTENT_LENGTH, String.valueOf(response.bytesWritten()));
    }
  }

  /**
   * Answers a HEAD with the headers as they are now, and nothing else: for routes whose body is
   * work.
   */
  static boolean answeredHead(RoutingContext context) {
    boolean head = context.request().method() == HttpMethod.HEAD;
    if (head) {
      context.response().end();
    }
    return head;
  }

  /** Comes behind all routes that have an address of their own. */
  static void complete(Router router) {
    Map<String, Set<HttpMethod>> known = new LinkedHashMap<>();
    for (Route route : List.copyOf(router.getRoutes())) {
      if (route.getPath() == null || route.methods() == null) {
        continue;
      }
      if (route.methods().contains(HttpMethod.GET) && route.getMetadata(SOCKET) == null) {
        route.method(HttpMethod.HEAD);
      }
      known.computeIfAbsent(route.getPath(), path -> new HashSet<>()).addAll(route.methods());
    }
    known.forEach(
        (path, methods) -> router.route(path).handler(context -> refuse(context, methods)));
  }

  /** Answers that there is no such method here. */
  static void refuse(RoutingContext context, Set<HttpMethod> methods) {
    String all = String.join(", ", methods.stream().map(HttpMethod::name).sorted().toList());
    context.response().putHeader(HttpHeaders.ALLOW, all);
    Problem.of(
            405,
            "Method not allowed",
            "This address does not answer to %s, but to %s."
                .formatted(context.request().method(), all))
        .answer(context);
  }
}
