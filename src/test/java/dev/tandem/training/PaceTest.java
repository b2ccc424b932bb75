package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** By a clock that moves only when somebody waits. */
class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private long now = 17 * SECOND;

  private Pace pace(Double iterationsPerSecond) {
    return new Pace(iterationsPerSecond, () -> now, nanos -> now += nanos);
  }

  @Test
  void steps_comeAtEvenDistances_whateverEachTakes() {
    Pace pace = pace(200.0);
    long began = now;
    assertEquals(0, pace.take(() -> false));
    for (int step = 1; step <= 60; step++) {
      long taken = step % 5 * MILLISECOND;
      now += taken;
      assertEquals(5 * MILLISECOND - taken, pace.take(() -> false));
      assertEquals(step * 5 * MILLISECOND, now - began);
    }
  }

  @Test
  void lag_isMadeUpFor_butNotAllOfALongOne() {
    Pace pace = pace(100.0);
    pace.take(() -> false);
    now += 30 * MILLISECOND;
    // Three steps are due by then.
    for (int step = 1; step <= 3; step++) {
      assertEquals(0, pace.take(() -> false));
    }
    assertEquals(10 * MILLISECOND, pace.take(() -> false));
    now += SECOND;
    int atOnce = 0;
    while (pace.take(() -> false) == 0) {
      atOnce++;
    }
    assertEquals(6, atOnce, "the one that was late, and those of the last 50 ms");
  }

  @Test
  void withoutAPace_nothingWaits() {
    Pace pace = pace(null);
    for (int step = 0; step < 100; step++) {
      assertEquals(0, pace.take(() -> false));
    }
  }

  @Test
  void training_thatWaits_followsANewPace_andStopsWhenTold() {
    Pace pace = pace(0.1);
    pace.take(() -> false);
    assertEquals(10 * SECOND, pace.nanosToNext());
    long waited =
        pace.take(
            () -> {
              pace.set(null);
              return false;
            });
    assertTrue(waited <= 20 * MILLISECOND, waited + " ns after it was to go on");
    pace.set(0.1);
    pace.take(() -> false);
    now += SECOND;
    assertEquals(0, pace.take(() -> true));
  }
}
