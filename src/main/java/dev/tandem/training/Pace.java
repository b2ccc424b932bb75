package dev.tandem.training;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds a training to so many iterations a second, so that it can be watched. Steps are due at even
 * distances, whatever each of them takes, so nothing drifts; what it lags behind after a slow test
 * is made up for only in part, so no burst follows. One thread takes turns; any thread may set it.
 */
final class Pace {
  /** So soon does a training that waits notice that it is to stop, or that the pace has changed. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LongSupplier clock;
  private final LongConsumer park;

  /** 0 for as fast as it goes. */
  private volatile double perSecond;

  /** When the last step was due; of no meaning before there was one at this pace. */
  private long last;

  private boolean held;

  /**
   * @param iterationsPerSecond null for as fast as it goes
   */
  Pace(Double iterationsPerSecond) {
    this(iterationsPerSecond, System::nanoTime, LockSupport::parkNanos);
  }

  /**
   * @param clock in nanoseconds
   * @param park waits for at most so many of them
   */
  Pace(Double iterationsPerSecond, LongSupplier clock, LongConsumer park) {
    this.clock = clock;
    this.park = park;
    set(iterationsPerSecond);
  }

  /** From now on, also for a training that waits. */
  void set(Double iterationsPerSecond) {
    perSecond = iterationsPerSecond == null ? 0 : iterationsPerSecond;
  }

  /** How long the next step has to wait; 0 if it is due. */
  long nanosToNext() {
    double rate = perSecond;
    return rate == 0 || !held ? 0 : Math.max(0, last + (long) (1e9 / rate) - clock.getAsLong());
  }

  /**
   * Waits until the next step is due, or until it is told to stop.
   *
   * @return how long it has waited, in nanoseconds
   */
  long take(BooleanSupplier stopped) {
    if (perSecond == 0) {
      held = false;
      return 0;
    }
    long began = clock.getAsLong();
    long wait = nanosToNext();
    long now = began;
    while (wait > 0 && !stopped.getAsBoolean()) {
      park.accept(Math.min(wait, LOOK_NANOS));
      wait = nanosToNext();
      now = clock.getAsLong();
    }
    double rate = perSecond;
    long due = held && rate > 0 ? last + (long) (1e9 / rate) : now;
    last = Math.max(Math.min(due, now), now - LAG_NANOS);
    held = true;
    return now - began;
  }
}
