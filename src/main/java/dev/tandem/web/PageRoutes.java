package dev.tandem.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.Set;
import org.webjars.WebJarVersionLocator;

/** The page and the library it draws with. */
final class PageRoutes {
  private static final String INDEX = "index.html";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  /** What its files answer to. */
  static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /** On every answer, so it comes before all other routes. */
  void headers(Router router) {
    router.route().handler(PageRoutes::putHeaders);
  }

  /** Takes what no other route has taken, so it comes last. */
  void mount(Router router) {
    String plot = new WebJarVersionLocator().version("uplot");
    router
        .get("/vendor/uplot/*")
        .method(HttpMethod.HEAD)
        .handler(PageRoutes::putType)
        .handler(
            StaticHandler.create(
                FileSystemAccess.RELATIVE, "META-INF/resources/webjars/uplot/" + plot + "/dist"));
    router
        .get()
        .method(HttpMethod.HEAD)
        .handler(PageRoutes::putType)
        .handler(
            StaticHandler.create(FileSystemAccess.RELATIVE, "web")
                .setIncludeHidden(false)
                .setDirectoryListing(false)
                .setMaxAgeSeconds(0));
  }

  /** The handler of files itself says it to a GET alone. */
  private static void putType(RoutingContext context) {
    if (context.request().method() == HttpMethod.HEAD) {
      context.addHeadersEndHandler(
          end -> {
            HttpServerResponse response = context.response();
            String path = context.normalizedPath();
            String type = MimeMapping.mimeTypeForFilename(path.endsWith("/") ? path + INDEX : path);
            if (response.getStatusCode() == 200 && type != null) {
              response.putHeader(
                  HttpHeaders.CONTENT_TYPE,
                  type.startsWith("text") ? type + ";charset=UTF-8" : type);
            }
          });
    }
    context.next();
  }

  private static void putHeaders(RoutingContext context) {
    putHeaders(context.response());
    context.next();
  }

  static void putHeaders(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }
}
