package dev.tandem.web;

/**
 * How long, in milliseconds, things may take; all in terms of one.
 *
 * @param head a new connection may take to send its first request's head
 */
record Patience(long head) {
  private static final long LARGE = 1_000_000;

  /** How often it is looked at who takes too long. */
  long round() {
    return Math.max(10, head / 10);
  }

  /** From a request's head to its end: 20 s. */
  long body() {
    return 2 * head;
  }

  /** To read an answer of which more is still to come: an hour. */
  long answer() {
    return 360 * head;
  }

  /** Without a byte in either direction: 5 min. */
  long idle() {
    return 30 * head;
  }

  /** To the next request: a minute, or after a large answer, which may still be on its way, 5. */
  long rest(long answerBytes) {
    return answerBytes < LARGE ? 6 * head : idle();
  }

  /** Between two pings of a WebSocket: 20 s. */
  long ping() {
    return 2 * head;
  }

  /** For a pong, which comes behind all that a slow reader still has to read: 3 min. */
  long pong() {
    return 18 * head;
  }
}
