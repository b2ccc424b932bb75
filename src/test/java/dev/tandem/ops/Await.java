package dev.tandem.ops;

import dev.tandem.TestServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another process does; a hang is bounded as in all tests. */
final class Await {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private Await() {}

  /** The first value that is as wanted; fails with the last one when the time is over. */
  static <T> T until(String what, Callable<T> value, Predicate<T> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestServer.SECONDS);
    while (true) {
      T now = value.call();
      if (wanted.test(now)) {
        return now;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within %d s: %s; at last: %s".formatted(TestServer.SECONDS, what, now));
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }
}
