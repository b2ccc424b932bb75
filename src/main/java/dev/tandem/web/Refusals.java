package dev.tandem.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what was turned away, by reason. Thread-safe. */
final class Refusals {
  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  Refusals(MeterRegistry registry) {
    for (Reason reason : Reason.values()) {
      counters.put(
          reason,
          Counter.builder("tandem.web.refusals")
              .description("Requests and connections turned away, by reason.")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void count(Reason reason) {
    counters.get(reason).increment();
  }

  enum Reason {
    /** Asked under a name that is not this server's. */
    HOST,
    /** Asked by a page of another site. */
    ORIGIN,
    /** No token, or a wrong one. */
    TOKEN,
    /** Too many wrong tokens from one address. */
    GUESSES,
    /** Too many runs started from one address. */
    STARTS,
    /** Too many questions to networks from one address. */
    ASKS,
    /** As many connections as are allowed are open. */
    CONNECTIONS,
    /** As many WebSockets as are allowed are open. */
    VIEWERS,
    /** Took too long to ask, or to answer a ping. */
    SLOW,
    /** Not HTTP, or too long a head, or a WebSocket that talks. */
    MALFORMED
  }
}
