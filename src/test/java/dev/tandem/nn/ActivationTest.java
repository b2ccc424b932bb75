package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations against their definitions in float64, from far below 0 to far above. */
class ActivationTest {
  private static final int COUNT = 80_001;
  private static final float[] X = new float[COUNT];

  /** Five roundings of float32. */
  private static final double TOLERANCE = 3e-7;

  static {
    for (int i = 0; i < COUNT; i++) {
      X[i] = (i - COUNT / 2) / 1000f;
    }
  }

  /** A unit in the last place of 1. */
  private static final double LAST_PLACE = 1.2e-7;

  private static void check(
      Layer.Factory factory,
      DoubleUnaryOperator function,
      DoubleUnaryOperator slope,
      double slopeError) {
    Layer layer = factory.create(COUNT, 1, new Parameters());
    float[] y = layer.forward(new float[][] {X}, 1, Mode.TRAINING)[0];
    float[] ones = new float[COUNT];
    Arrays.fill(ones, 1);
    float[] slopes = layer.backward(new float[][] {ones}, 1)[0];
    for (int i = 0; i < COUNT; i++) {
      double expected = function.applyAsDouble(X[i]);
      // e^x has x times the rounding error of its argument.
      double allowed = TOLERANCE * (1 + Math.max(0, -X[i]) * Math.max(0, -X[i]) / 4);
      assertEquals(expected, y[i], allowed * Math.abs(expected) + 1e-18, "of " + X[i]);
      double expectedSlope = slope.applyAsDouble(X[i]);
      assertEquals(
          expectedSlope,
          slopes[i],
          TOLERANCE * Math.abs(expectedSlope) + slopeError,
          "slope at " + X[i]);
    }
  }

  @Test
  void relu_isMaxOfXAnd0() {
    check(Relu::new, x -> Math.max(x, 0), x -> x > 0 ? 1 : 0, 0);
  }

  @Test
  void tanh_isJavas() {
    // 1 − y² has twice the error of y.
    check(Tanh::new, Math::tanh, x -> 1 - Math.tanh(x) * Math.tanh(x), 2 * TOLERANCE);
  }

  @Test
  void sigmoid_isItsDefinition() {
    check(
        Sigmoid::new,
        x -> 1 / (1 + Math.exp(-x)),
        x -> 1 / (1 + Math.exp(-x)) / (1 + Math.exp(x)),
        LAST_PLACE);
  }

  @Test
  void gelu_isXTimesTheNormalDistribution() {
    double[] below = distributionBelow0();
    DoubleUnaryOperator distribution =
        x -> {
          double of = below[(int) Math.round(Math.abs(x) * 1000)];
          return x > 0 ? 1 - of : of;
        };
    check(
        Gelu::new,
        x -> x * distribution.applyAsDouble(x),
        x -> distribution.applyAsDouble(x) + x * density(x),
        LAST_PLACE);
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Φ(−i/1000), by adding up thousandths with Simpson's rule from where there is nothing left. */
  private static double[] distributionBelow0() {
    double[] below = new double[COUNT];
    for (int i = COUNT - 2; i >= 0; i--) {
      double from = i / 1000.0;
      double part =
          (density(from) + 4 * density(from + 0.0005) + density(from + 0.001)) / 6 * 0.001;
      below[i] = below[i + 1] + part;
    }
    return below;
  }

  static Set<String> names() {
    return Registry.activations();
  }

  /** So that a diverging network is seen to diverge. */
  @ParameterizedTest
  @MethodSource("names")
  void notANumber_staysSo(String name) {
    Layer layer = Registry.activation(name).create(3, 1, new Parameters());
    float[] y = layer.forward(new float[][] {{1, Float.NaN, -1e30f}}, 1, Mode.EVALUATION)[0];
    assertTrue(Float.isNaN(y[1]), name);
    assertTrue(Float.isFinite(y[0]) && Float.isFinite(y[2]), name);
  }
}
