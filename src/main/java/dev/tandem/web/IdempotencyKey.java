package dev.tandem.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header by which a request that is sent again is known to be the same. */
final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final Pattern SOUND = Pattern.compile("[!-~]{1,255}");

  private IdempotencyKey() {}

  /**
   * A request's key, if it has one.
   *
   * @param errors is told if there is something wrong with it
   */
  static Optional<String> of(HttpServerRequest request, Map<String, String> errors) {
    List<String> keys = request.headers().getAll(HEADER);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() > 1 || !SOUND.matcher(keys.get(0)).matches()) {
      errors.put(HEADER, "must be one header of 1 to 255 visible ASCII characters without spaces");
      return Optional.empty();
    }
    return Optional.of(keys.get(0));
  }
}
