package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The optimizer, apart from the networks that it moves. */
class ParametersTest {
  private static final int STEPS = 5000;

  /** As of a unit that is off. Reckoning with subnormal numbers takes many times as long. */
  @Test
  void moments_whoseGradientsCease_fadeAndAreNeverSubnormal() {
    float[] gradients = {1, 1e-5f, -1e-12f, 1e-20f};
    try (Parameters parameters = new Parameters(gradients.length, 0.001)) {
      Parameters.Slice slice = parameters.take(gradients.length);
      slice.gradients().write(0, gradients, 0, gradients.length);
      parameters.update();
      slice.gradients().write(0, new float[gradients.length], 0, gradients.length);
      for (int step = 2; step <= STEPS; step++) {
        parameters.update();
        float[] moments = moments(parameters, gradients.length);
        for (float moment : moments) {
          assertTrue(
              moment == 0 || Math.abs(moment) >= Float.MIN_NORMAL, moment + " in step " + step);
        }
      }
      float[] moments = moments(parameters, gradients.length);
      for (int i = 0; i < gradients.length; i++) {
        assertEquals(0, moments[i], 1e-30, "first moment " + i);
      }
      assertEquals(0.001 * Math.pow(0.999, STEPS - 1), moments[gradients.length], 1e-7);
    }
  }

  /** All first moments, then all second ones. */
  private static float[] moments(Parameters parameters, int length) {
    ByteBuffer saved = ByteBuffer.allocate(parameters.savedBytes(true));
    parameters.save(saved, true);
    float[] moments = new float[2 * length];
    saved.position(length * Float.BYTES + Long.BYTES);
    saved.asFloatBuffer().get(moments);
    return moments;
  }
}
