package dev.tandem.ops;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another process does, as long as it takes but not longer than it may. */
final class Await {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private Await() {}

  /** The first value that is as wanted; fails with the last one when the time is over. */
  static <T> T until(String what, Duration atMost, Callable<T> value, Predicate<T> wanted)
      throws Exception {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      T now = value.call();
      if (wanted.test(now)) {
        return now;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within %s: %s; at last: %s".formatted(atMost, what, now));
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }
}
