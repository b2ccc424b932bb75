package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void steps_areNeverSooner_andDoNotDrift() {
    Pace pace = new Pace(200.0);
    long began = System.nanoTime();
    pace.take(() -> false);
    for (int step = 1; step <= 60; step++) {
      pace.take(() -> false);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    assertTrue(seconds >= 0.3 - 0.051, "60 steps in " + seconds + " s");
    assertTrue(seconds < 5, "60 steps in " + seconds + " s");
  }

  @Test
  void withoutAPace_nothingWaits() {
    Pace pace = new Pace(null);
    for (int step = 0; step < 100; step++) {
      assertEquals(0, pace.take(() -> false));
    }
  }

  @Test
  void training_thatWaits_followsANewPace_andStopsWhenTold() {
    Pace pace = new Pace(0.1);
    pace.take(() -> false);
    assertTrue(pace.nanosToNext() > TimeUnit.SECONDS.toNanos(8));
    long began = System.nanoTime();
    pace.take(
        () -> {
          pace.set(null);
          return false;
        });
    pace.set(0.1);
    pace.take(() -> true);
    assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(5));
  }
}
