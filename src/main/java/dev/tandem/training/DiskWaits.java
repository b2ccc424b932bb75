package dev.tandem.training;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/**
 * Trainings that wait for the store: for as long as it takes, and to be seen. A wait counts from
 * its beginning and while it goes on, once it is longer than {@value #LOOK_MILLIS} ms. Thread-safe.
 */
final class DiskWaits {
  /** So soon does a training that waits notice that it is to stop, and answer those who ask it. */
  private static final long LOOK_MILLIS = 20;

  private int waiting; // guarded by this
  private long waitedNanos; // by waits that are over; guarded by this
  private long begunNanos; // sum of when those that go on began; guarded by this

  DiskWaits(MeterRegistry registry) {
    Gauge.builder("tandem.trainings.waiting", this, DiskWaits::waiting)
        .description("Trainings that wait now for the store to take or give what is theirs.")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder("tandem.training.waits", this, DiskWaits::seconds)
        .baseUnit("seconds")
        .description("Time that trainings have waited for the store, and are waiting.")
        .register(registry);
  }

  /** Something that is waited for. */
  interface Awaited {
    /** Whether it is there, after so many milliseconds at most. */
    boolean within(long millis) throws InterruptedException;
  }

  /**
   * Waits. Blocks.
   *
   * @param stopped looked at every {@value #LOOK_MILLIS} ms; whether to wait no longer
   * @return whether it is there
   */
  boolean await(Awaited awaited, BooleanSupplier stopped) {
    long began = System.nanoTime();
    try {
      if (awaited.within(0) || awaited.within(LOOK_MILLIS)) {
        return true;
      }
      Wait wait = begin(began);
      try {
        while (!stopped.getAsBoolean()) {
          if (awaited.within(LOOK_MILLIS)) {
            return true;
          }
        }
        return false;
      } finally {
        wait.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the store", e);
    }
  }

  /** A wait begins. */
  Wait begin() {
    return begin(System.nanoTime());
  }

  private synchronized Wait begin(long began) {
    waiting++;
    begunNanos += began;
    return () -> end(began);
  }

  private synchronized void end(long began) {
    waiting--;
    begunNanos -= began;
    waitedNanos += System.nanoTime() - began;
  }

  private synchronized int waiting() {
    return waiting;
  }

  private synchronized double seconds() {
    return (waitedNanos + waiting * System.nanoTime() - begunNanos) / 1e9;
  }

  /** One that goes on; to be ended once. */
  interface Wait {
    void end();
  }
}
