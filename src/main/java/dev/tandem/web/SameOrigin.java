package dev.tandem.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Keeps pages of other sites from acting through a visitor's browser: they may neither change
 * anything nor open a WebSocket, nor reach a server on this machine by a name of their own that
 * they point at it (DNS rebinding).
 */
final class SameOrigin {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** What a browser says of a request that the page itself, or the visitor, has made. */
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+(%[0-9a-z]+)?]");

  private final Set<String> names;
  private final boolean anyName;
  private final Refusals refusals;

  /**
   * @param host that the server listens on
   * @param names that it has beside
   * @param loopback whether it can be reached from this machine alone
   */
  SameOrigin(String host, Set<String> names, boolean loopback, Refusals refusals) {
    this.names = new TreeSet<>(names);
    this.names.add(host.toLowerCase(Locale.ROOT));
    this.anyName = !loopback && names.isEmpty();
    this.refusals = refusals;
  }

  void mount(Router router) {
    router.route().handler(this::knownName).handler(this::ownPage);
  }

  private void knownName(RoutingContext context) {
    int hosts = context.request().headers().getAll(HttpHeaders.HOST).size();
    String host = context.request().getHeader(HttpHeaders.HOST);
    if (hosts > 1) {
      Problem.badRequest("A request has one Host.").answer(context);
    } else if (host == null || anyName || isOurs(host)) {
      context.next();
    } else {
      refusals.count(Refusals.Reason.HOST);
      Problem.of(
              421,
              "Misdirected request",
              "This server does not go by that name. Start it with --hosts and the name, if it is"
                  + " meant to.")
          .answer(context);
    }
  }

  private boolean isOurs(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "").replaceFirst("\\.$", "");
    // A rebinding attack needs a name: an address always means itself.
    return ADDRESS.matcher(name).matches()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || names.contains(name);
  }

  private void ownPage(RoutingContext context) {
    HttpServerRequest request = context.request();
    boolean harmless =
        SAFE.contains(request.method()) && request.getHeader(HttpHeaders.UPGRADE) == null;
    if (harmless || isOwn(request)) {
      context.next();
    } else {
      refusals.count(Refusals.Reason.ORIGIN);
      Problem.of(403, "Forbidden", "Pages of other sites may not do this here.").answer(context);
    }
  }

  /** Browsers send both headers, or at least the origin; programs need not. */
  private static boolean isOwn(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !OWN.contains(site)) {
      return false;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return true;
    }
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
