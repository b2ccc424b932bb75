package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What dropout drops, and when. */
class DropoutTest {
  private static final int ROWS = 60;
  private static final int UNITS = 128;
  private static final long SEED = 5;

  private static float[][] ones() {
    float[][] ones = new float[ROWS][UNITS];
    for (float[] row : ones) {
      Arrays.fill(row, 1);
    }
    return ones;
  }

  private static float[] dropped(double rate, long seed, int layer, long step) {
    Dropout dropout = new Dropout(rate, seed, layer, UNITS, ROWS);
    dropout.begin(step);
    return flat(dropout.forward(ones(), ROWS, Mode.TRAINING));
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[ROWS * UNITS];
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(rows[r], 0, flat, r * UNITS, UNITS);
    }
    return flat;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.5, 0.9})
  void training_dropsItsShare_andScalesTheRest(double rate) {
    float kept = (float) (1 / (1 - rate));
    int steps = 20;
    int[] perUnit = new int[UNITS];
    int all = 0;
    for (int step = 1; step <= steps; step++) {
      float[] of = dropped(rate, SEED, 0, step);
      for (int i = 0; i < of.length; i++) {
        if (of[i] == 0) {
          all++;
          perUnit[i % UNITS]++;
        } else {
          assertEquals(kept, of[i]);
        }
      }
    }
    checkShare(rate, all, steps * ROWS * UNITS, "of all");
    for (int unit = 0; unit < UNITS; unit++) {
      checkShare(rate, perUnit[unit], steps * ROWS, "of unit " + unit);
    }
  }

  /** Steps, layers, seeds, and neighbours in one batch agree as often as coins that were tossed. */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5})
  void draws_haveNothingToDoWithOneAnother(double rate) {
    float[] first = dropped(rate, SEED, 0, 1);
    checkIndependent(rate, first, dropped(rate, SEED, 0, 2), "next step");
    checkIndependent(rate, first, dropped(rate, SEED, 1, 1), "next layer");
    checkIndependent(rate, first, dropped(rate, SEED + 1, 0, 1), "next seed");
    for (int distance : new int[] {1, 2, UNITS, 2 * UNITS, 8 * UNITS}) {
      float[] moved = Arrays.copyOfRange(first, distance, first.length);
      checkIndependent(rate, first, moved, distance + " further on");
    }
  }

  private static void checkIndependent(double rate, float[] a, float[] b, String what) {
    int alike = 0;
    for (int i = 0; i < b.length; i++) {
      alike += (a[i] == 0) == (b[i] == 0) ? 1 : 0;
    }
    checkShare(rate * rate + (1 - rate) * (1 - rate), alike, b.length, what);
  }

  /** Within four and a half standard deviations; seeds are fixed, so it holds or not for good. */
  private static void checkShare(double expected, int count, int of, String what) {
    double sd = Math.sqrt(expected * (1 - expected) / of);
    assertEquals(expected, (double) count / of, 4.5 * sd, what);
  }

  @Test
  void sameSeedLayerAndStep_dropTheSame() {
    assertArrayEquals(dropped(0.3, SEED, 1, 7), dropped(0.3, SEED, 1, 7));
  }

  @Test
  void smallerBatch_dropsWhatTheFirstRowsOfALargerOneDo() {
    Dropout dropout = new Dropout(0.3, SEED, 0, UNITS, ROWS);
    dropout.begin(3);
    float[] all = flat(dropout.forward(ones(), ROWS, Mode.TRAINING));
    float[] first = dropout.forward(ones(), 1, Mode.TRAINING)[0];
    assertArrayEquals(Arrays.copyOf(all, UNITS), first);
  }

  @Test
  void evaluation_andStatisticsOfABatch_dropNothing() {
    Dropout dropout = new Dropout(0.9, SEED, 0, UNITS, ROWS);
    dropout.begin(1);
    for (Mode mode : new Mode[] {Mode.EVALUATION, Mode.BATCH_STATISTICS}) {
      assertArrayEquals(ones(), dropout.forward(ones(), ROWS, mode), mode.name());
    }
    assertFalse(Arrays.equals(flat(ones()), flat(dropout.forward(ones(), ROWS, Mode.TRAINING))));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
  void rateThatIsNone_isRefused(double rate) {
    assertThrows(IllegalArgumentException.class, () -> new Dropout(rate, SEED, 0, UNITS, ROWS));
  }
}
