package dev.tandem.training;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures that trainings wait until the store has taken what they told. Thread-safe. */
final class DiskWaits {
  private final AtomicInteger waiting = new AtomicInteger();
  private final Counter seconds;

  DiskWaits(MeterRegistry registry) {
    Gauge.builder("tandem.trainings.waiting", waiting, AtomicInteger::get)
        .description("Trainings that wait now for the disk to take their events.")
        .strongReference(true)
        .register(registry);
    seconds =
        Counter.builder("tandem.training.waits")
            .baseUnit("seconds")
            .description("Time that trainings have waited for the disk to take their events.")
            .register(registry);
  }

  /** Takes a permit; false if there was none in time. */
  boolean acquire(Semaphore permits, long minutes) throws InterruptedException {
    if (permits.tryAcquire()) {
      return true;
    }
    long began = System.nanoTime();
    waiting.incrementAndGet();
    try {
      return permits.tryAcquire(minutes, TimeUnit.MINUTES);
    } finally {
      waiting.decrementAndGet();
      seconds.increment((System.nanoTime() - began) / 1e9);
    }
  }
}
