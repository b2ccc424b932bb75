package dev.tandem.web;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is not HTTP, or too long, and hangs up: there is no telling what would follow. */
final class Malformed {
  private final Refusals refusals;

  Malformed(Refusals refusals) {
    this.refusals = refusals;
  }

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
