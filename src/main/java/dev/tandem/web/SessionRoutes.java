package dev.tandem.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;

/** {@code /api/session}: how the page learns whether to sign in, does, and signs out. */
final class SessionRoutes {
  private static final String PATH = "/api/session";

  private final Optional<Sessions> sessions;
  private final TokenGuard guard;
  private final boolean everything;

  SessionRoutes(Optional<Sessions> sessions, TokenGuard guard, boolean everything) {
    this.sessions = sessions;
    this.guard = guard;
    this.everything = everything;
  }

  /** Comes before the guard: whoever asks here has no session yet. */
  void mount(Router router) {
    router.get(PATH).handler(this::state);
    JsonBody.required(router.post(PATH)).handler(this::signIn);
    router.delete(PATH).handler(this::signOut);
  }

  private void state(RoutingContext context) {
    answer(context, guard.hasSession(context.request()));
  }

  private void signIn(RoutingContext context) {
    if (sessions.isEmpty()) {
      Problem.conflict("This server has no token: nothing needs a sign-in.").answer(context);
      return;
    }
    Optional<JsonObject> body =
        JsonBody.read(context, "{\"token\": …} with the token that the server was started with.");
    if (body.isEmpty()) {
      return;
    }
    if (!(body.get().getValue("token") instanceof String token) || body.get().size() != 1) {
      Problem.badFields(Map.of("token", "must be a text, and the only field")).answer(context);
    } else if (guard.passes(context, token)) {
      keep(context, sessions.get().open(), Sessions.LENGTH.toSeconds());
      answer(context, true);
    }
  }

  private void signOut(RoutingContext context) {
    TokenGuard.session(context.request())
        .ifPresent(session -> sessions.ifPresent(known -> known.end(session)));
    keep(context, "", 0);
    context.response().setStatusCode(204).end();
  }

  private static void keep(RoutingContext context, String session, long seconds) {
    // A proxy that ends TLS says so; whoever else says so only makes the cookie stricter.
    String scheme = context.request().getHeader("X-Forwarded-Proto");
    context
        .response()
        .addCookie(
            Cookie.cookie(TokenGuard.cookieName(context.request()), session)
                .setPath(BasePath.of(context) + "/")
                .setMaxAge(seconds)
                .setHttpOnly(true)
                .setSecure("https".equals(scheme))
                .setSameSite(CookieSameSite.STRICT));
  }

  private void answer(RoutingContext context, boolean signedIn) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("required", sessions.isPresent())
                .put("private", everything)
                .put("signedIn", signedIn)
                .toBuffer());
  }
}
