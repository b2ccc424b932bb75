package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Optimizers, apart from the networks that they move. */
class OptimizerTest {
  private static final int STEPS = 5000;

  static Set<String> names() {
    return Registry.optimizers();
  }

  /** {@code optimizers.py}, beside the file, wrote what PyTorch makes of them in float64. */
  @ParameterizedTest
  @MethodSource("names")
  void steps_withWeightDecayAndAnotherMomentum_arePyTorchs(String name) throws IOException {
    JsonObject file = file();
    float[] values = floats(file.getJsonArray("start"));
    Optimizer optimizer =
        Registry.optimizer(
            name,
            file.getDouble("learningRate"),
            file.getDouble("momentum"),
            file.getDouble("weightDecay"));
    optimizer.allocate(1, values.length);
    JsonArray gradients = file.getJsonArray("gradients");
    JsonArray after = file.getJsonObject("after").getJsonArray(name);
    for (int s = 0; s < gradients.size(); s++) {
      optimizer.begin();
      optimizer.update(0, values, floats(gradients.getJsonArray(s)), values.length);
      for (int i = 0; i < values.length; i++) {
        double expected = after.getJsonArray(s).getDouble(i);
        // A parameter near 0 has the roundings of the larger ones that it was and moved by.
        assertEquals(expected, values[i], 1e-6, "step " + (s + 1) + ", parameter " + i);
      }
    }
  }

  private static JsonObject file() throws IOException {
    try (InputStream in = OptimizerTest.class.getResourceAsStream("/optimizers.json")) {
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static float[] floats(JsonArray array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.getFloat(i);
    }
    return floats;
  }

  /** As of a unit that is off. Reckoning with subnormal numbers takes many times as long. */
  @ParameterizedTest
  @MethodSource("names")
  void numbers_whoseGradientsCease_fadeAndAreNeverSubnormal(String name) {
    for (double weightDecay : new double[] {0, 0.1}) {
      float[] gradients = {1, 1e-5f, -1e-12f, 1e-20f};
      float[] values = {1, -1e-3f, 1e-10f, 1e-30f};
      Optimizer optimizer = Registry.optimizer(name, 0.5, 0.9, weightDecay);
      optimizer.allocate(1, values.length);
      for (int step = 1; step <= STEPS; step++) {
        optimizer.begin();
        optimizer.update(0, values, gradients, values.length);
        gradients = new float[values.length];
        ByteBuffer saved = ByteBuffer.allocate(optimizer.savedBytes(values.length));
        optimizer.save(saved, values.length);
        saved.position(Long.BYTES);
        while (saved.hasRemaining()) {
          checkIsNormal(saved.getFloat(), "moment in step " + step);
        }
        for (float value : values) {
          checkIsNormal(value, "value in step " + step + " with a decay of " + weightDecay);
        }
      }
    }
  }

  private static void checkIsNormal(float number, String what) {
    assertTrue(number == 0 || Math.abs(number) >= Float.MIN_NORMAL, number + " as a " + what);
  }

  @Test
  void adamsMoments_whoseGradientsCease_fadeAsTheyShould() {
    float[] gradients = {1, 1e-5f, -1e-12f, 1e-20f};
    float[] values = new float[gradients.length];
    float[][] moments = new float[2][gradients.length];
    Adam adam = new Adam(0.001, 0);
    for (int step = 1; step <= STEPS; step++) {
      adam.begin(step);
      adam.update(values, gradients, moments, gradients.length);
      gradients = new float[gradients.length];
    }
    for (float moment : moments[0]) {
      assertEquals(0, moment, 1e-30);
    }
    assertEquals(0.001 * Math.pow(0.999, STEPS - 1), moments[1][0], 1e-7);
  }

  /** The state of checkpoints that are stored: number of steps, then m and v block by block. */
  @Test
  void adamsState_isLaidOutAsEver() {
    Adam adam = new Adam(0.001, 0);
    adam.allocate(2, 2);
    float[] gradients = {1, 2, 3};
    adam.begin();
    adam.update(0, new float[2], new float[] {gradients[0], gradients[1]}, 2);
    adam.update(1, new float[2], new float[] {gradients[2], 0}, 1);
    ByteBuffer saved = ByteBuffer.allocate(adam.savedBytes(3));
    adam.save(saved, 3);
    saved.flip();
    assertEquals(1, saved.getLong());
    for (int[] block : new int[][] {{0, 1}, {2}}) {
      for (int i : block) {
        assertEquals(0.1 * gradients[i], saved.getFloat(), 1e-7);
      }
      for (int i : block) {
        assertEquals(0.001 * gradients[i] * gradients[i], saved.getFloat(), 1e-6);
      }
    }
    assertEquals(0, saved.remaining());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "Adam"})
  void unknownName_isRefused(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Registry.optimizer(name, 0.1, 0.9, 0))
            .getMessage();
    assertTrue(message.contains("adamw"), message);
  }
}
