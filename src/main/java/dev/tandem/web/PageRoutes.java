package dev.tandem.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import org.webjars.WebJarVersionLocator;

/** The page and the library it draws with. */
final class PageRoutes {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  /** On every answer, so it comes before all other routes. */
  void headers(Router router) {
    router.route().handler(PageRoutes::putHeaders);
  }

  /** Takes what no other route has taken, so it comes last. */
  void mount(Router router) {
    String plot = new WebJarVersionLocator().version("uplot");
    router
        .get("/vendor/uplot/*")
        .handler(
            StaticHandler.create(
                FileSystemAccess.RELATIVE, "META-INF/resources/webjars/uplot/" + plot + "/dist"));
    router
        .get()
        .handler(
            StaticHandler.create(FileSystemAccess.RELATIVE, "web")
                .setIncludeHidden(false)
                .setDirectoryListing(false)
                .setMaxAgeSeconds(0));
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
