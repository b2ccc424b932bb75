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
 * they point at it (DNS rebinding). Behind a proxy that asks under another name than the visitor's,
 * the page is known by the names that the server was given.
 */
final class SameOrigin {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** What a browser says of a request that the page itself, or the visitor, has made. */
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+(%[0-9a-z]+)?]");

  /** All addresses below it say whether the server is well, and no more. */
  private static final String HEALTH = "/health/";

  private static final String METRICS = "/metrics";

  private final Set<String> names;
  private final Set<String> given;
  private final boolean anyName;
  private final Refusals refusals;

  /**
   * @param host that the server listens on
   * @param names that it has beside
   * @param loopback whether it can be reached from this machine alone
   */
  SameOrigin(String host, Set<String> names, boolean loopback, Refusals refusals) {
    this.given = names;
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
    } else if (host == null || anyName || isOurs(host) || needsNoName(context)) {
      context.next();
    } else {
      refusals.count(Refusals.Reason.HOST);
      Problem.of(
              421,
              "Misdirected request",
              "This server does not go by the name \"%s\". If it is meant to, start it with --hosts %s, or with TANDEM_HOSTS."
                  .formatted(cut(host), cut(nameIn(host))))
          .answer(context);
    }
  }

  /**
   * Those who look after the server find it by whatever name it has where they are. Browsers don't,
   * or any page could read the figures under a name that it points here.
   */
  private static boolean needsNoName(RoutingContext context) {
    String path = context.normalizedPath();
    return path.startsWith(HEALTH) || path.equals(METRICS) && !isBrowser(context.request());
  }

  /** No browser lets its scripts leave both of these out. */
  private static boolean isBrowser(HttpServerRequest request) {
    String agent = request.getHeader(HttpHeaders.USER_AGENT);
    return request.headers().contains(HttpHeaders.ACCEPT_LANGUAGE)
        || agent != null && agent.contains("Mozilla/");
  }

  /** A host without its port. */
  private static String nameIn(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "").replaceFirst("\\.$", "");
  }

  private static String cut(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private boolean isOurs(String host) {
    String name = nameIn(host);
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
      Problem.of(403, "Forbidden", "Pages of other sites may not do this here." + remedy(request))
          .answer(context);
    }
  }

  /** Browsers send both headers, or at least the origin; programs need not. */
  private boolean isOwn(HttpServerRequest request) {
    if (isOfAnotherSite(request)) {
      return false;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return true;
    }
    String authority = authority(origin);
    return authority != null
        && (authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
            || given.contains(nameIn(authority)));
  }

  /** The browser itself says so; what names the server has changes nothing about it. */
  private static boolean isOfAnotherSite(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site != null && !OWN.contains(site);
  }

  /** Null where an origin has none. */
  private static String authority(String origin) {
    try {
      return URI.create(origin).getRawAuthority();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What to do if the page is this server's own, behind a proxy that asks by another name. */
  private static String remedy(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String authority = origin == null ? null : authority(origin);
    if (authority == null || isOfAnotherSite(request)) {
      return "";
    }
    return " This one is at \"%s\", and asks for \"%s\". If it is this server's own behind a proxy, start the server with --hosts %s, or with TANDEM_HOSTS."
        .formatted(
            cut(authority),
            cut(String.valueOf(request.getHeader(HttpHeaders.HOST))),
            cut(nameIn(authority)));
  }
}
