package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The optimizer, apart from the networks that it moves. */
class AdamTest {
  private static final int STEPS = 5000;

  /** As of a unit that is off. Reckoning with subnormal numbers takes many times as long. */
  @Test
  void moments_whoseGradientsCease_fadeAndAreNeverSubnormal() {
    float[] gradients = {1, 1e-5f, -1e-12f, 1e-20f};
    int count = gradients.length;
    float[] values = new float[count];
    float[][] moments = new float[2][count];
    Adam adam = new Adam(0.001, 0);
    adam.begin(1);
    adam.update(values, gradients, moments, count);
    for (int step = 2; step <= STEPS; step++) {
      adam.begin(step);
      adam.update(values, new float[count], moments, count);
      for (float[] of : moments) {
        for (float moment : of) {
          assertTrue(
              moment == 0 || Math.abs(moment) >= Float.MIN_NORMAL, moment + " in step " + step);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      assertEquals(0, moments[0][i], 1e-30, "first moment " + i);
    }
    assertEquals(0.001 * Math.pow(0.999, STEPS - 1), moments[1][0], 1e-7);
  }
}
