package dev.tandem.web;

import dev.tandem.web.Refusals.Reason;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lets by who has the token, or a session that it opened; and those who only watch, if they may.
 */
final class TokenGuard {
  /** A question that needs a body, but changes nothing: it counts as watching. */
  static final String ASKING = "/api/runs/:id/predict";

  /** Guesses in a minute from one address. */
  private static final int GUESSES = 10;

  private static final Set<HttpMethod> WATCHING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Optional<Sessions> sessions;
  private final boolean everything;
  private final Refusals refusals;
  private final Allowance guesses = new Allowance(GUESSES, System::nanoTime);

  /**
   * @param sessions empty if there is no token: then all may do all
   * @param everything whether watching needs the token too
   */
  TokenGuard(Optional<Sessions> sessions, boolean everything, Refusals refusals) {
    this.sessions = sessions;
    this.everything = everything;
    this.refusals = refusals;
  }

  /** Comes before all routes that it guards. */
  void mount(Router router) {
    if (sessions.isEmpty()) {
      return;
    }
    // Marked by the router itself, so that no spelling of another address can pass for this one.
    router
        .post(ASKING)
        .handler(
            context -> {
              context.put(ASKING, true);
              context.next();
            });
    router
        .route()
        .handler(
            context -> {
              boolean asks = context.get(ASKING, false);
              if (asks || WATCHING.contains(context.request().method())) {
                context.next();
              } else {
                signedInOnly(context);
              }
            });
    if (everything) {
      router.route("/api/*").handler(this::signedInOnly);
      router.route("/metrics").handler(this::signedInOnly);
    }
  }

  /** Whether it may be told what is public here; a token itself isn't looked at. */
  boolean mayWatch(HttpServerRequest request) {
    return !everything || hasSession(request);
  }

  private void signedInOnly(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (hasSession(request)) {
      context.next();
      return;
    }
    Optional<String> token = bearer(request);
    if (token.isEmpty()) {
      refuse(context, "This needs a token: sign in, or send it as Authorization: Bearer.");
    } else if (passes(context, token.get())) {
      context.next();
    }
  }

  /** Whether this is the token; if not, that has been answered. */
  boolean passes(RoutingContext context, String token) {
    int wait = guesses.secondsToNext(context.request().remoteAddress());
    if (wait > 0) {
      refusals.count(Reason.GUESSES);
      Problem.tooMany("Too many wrong tokens came from this address. Try again in " + wait + " s.")
          .answer(context, wait);
      return false;
    }
    if (sessions.orElseThrow().isToken(token)) {
      return true;
    }
    guesses.take(context.request().remoteAddress());
    refuse(context, "This is not this server's token.");
    return false;
  }

  private void refuse(RoutingContext context, String detail) {
    refusals.count(Reason.TOKEN);
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"Tandem\"");
    Problem.of(401, "Unauthorized", detail).answer(context);
  }

  boolean hasSession(HttpServerRequest request) {
    return sessions.isPresent() && session(request).filter(sessions.get()::isOpen).isPresent();
  }

  /** Says, as often as it is asked, whether a request that was let by still would be. */
  BooleanSupplier lasting(HttpServerRequest request) {
    Optional<String> session = session(request);
    if (!everything || session.isEmpty() || bearer(request).isPresent()) {
      return () -> true;
    }
    return () -> sessions.orElseThrow().isOpen(session.get());
  }

  /** What the session's cookie holds. */
  static Optional<String> session(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(cookieName(request))).map(Cookie::getValue);
  }

  /** Cookies know no ports: servers on one machine would take each other's. */
  static String cookieName(HttpServerRequest request) {
    return "tandem-" + request.localAddress().port();
  }

  private static Optional<String> bearer(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.toLowerCase(Locale.ROOT).startsWith("bearer ")
        ? Optional.of(header.substring("bearer ".length()).trim())
        : Optional.empty();
  }
}
