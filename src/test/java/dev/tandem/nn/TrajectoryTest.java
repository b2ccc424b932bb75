package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks take the steps that PyTorch took in float64, and find the same: every loss within 10⁻⁵
 * of itself, and every other number within 10⁻⁴ of itself. A number that is small because larger
 * ones cancel has the rounding errors of those: it may also be off by {@link #FLOOR} of the largest
 * number beside it.
 */
class TrajectoryTest {
  private static final double LOSS = 1e-5;
  private static final double ITSELF = 1e-4;

  /** Some eighty roundings of float32. */
  private static final double FLOOR = 5e-6;

  /**
   * Each epoch ends with a batch of two. Batch normalization makes ±1 of such, nearly whatever they
   * are, so the gradient below it is what is left when numbers thousands of times as large cancel.
   * Momentum adds such steps up, and RMSProp divides a small one by a small root. PyTorch's own
   * float32 ends as far from its float64: 4·10⁻⁵ with Nesterov's momentum.
   */
  private static final double FLOOR_OF_CANCELLED = 1e-4;

  private static final Set<String> ADD_OR_DIVIDE = Set.of("momentum", "nesterov", "rmsprop");

  @ParameterizedTest
  @MethodSource("dev.tandem.nn.Trajectory#names")
  void steps_fromPyTorchsStart_findWhatPyTorchFinds(String name) {
    Trajectory trajectory = Trajectory.read(name);
    boolean cancels =
        !trajectory.normalization().equals("none")
            && ADD_OR_DIVIDE.contains(trajectory.optimizer());
    double floor = cancels ? FLOOR_OF_CANCELLED : FLOOR;
    try (Network network = trajectory.network()) {
      List<int[]> batches = trajectory.batches();
      double[] losses = trajectory.losses();
      assertEquals(losses.length, batches.size());
      for (int s = 0; s < losses.length; s++) {
        double loss = step(network, trajectory, batches.get(s));
        assertEquals(losses[s], loss, LOSS * losses[s], "loss of step " + (s + 1));
        if (s == 0) {
          checkGradients(network, trajectory);
        }
      }
      checkParameters(network, trajectory, floor);
      float[][] tests = trajectory.tests();
      float[][] logits = network.forward(tests, tests.length, Mode.EVALUATION, null);
      check("logits", trajectory.testLogits(), flat(logits, tests.length), floor);
    }
  }

  private static double step(Network network, Trajectory trajectory, int[] batch) {
    float[][] examples = trajectory.examples();
    byte[] labels = trajectory.labels();
    float[][] x = new float[batch.length][];
    byte[] y = new byte[batch.length];
    for (int i = 0; i < batch.length; i++) {
      x[i] = examples[batch[i]];
      y[i] = labels[batch[i]];
    }
    return network.step(x, y, batch.length, null, null);
  }

  private static void checkGradients(Network network, Trajectory trajectory) {
    Set<Parameters.Slice> left = biasesBelowNormalization(network);
    for (Trajectory.Named named : trajectory.parameters(network)) {
      double[] expected = trajectory.values("firstGradients", named.name());
      double[] found = named.toPyTorch(named.parameters().getGradients());
      if (left.contains(named.parameters())) {
        // Nothing but rounding errors in PyTorch; left out here.
        assertArrayEquals(new double[found.length], expected, 1e-15, named.name());
        assertArrayEquals(new double[found.length], found, named.name());
      } else {
        check("gradient of " + named.name(), expected, found, FLOOR);
      }
    }
  }

  /** Those that make no difference, and are left as they are. */
  private static Set<Parameters.Slice> biasesBelowNormalization(Network network) {
    Set<Parameters.Slice> biases = new HashSet<>();
    List<Layer> layers = network.layers();
    for (int i = 0; i + 1 < layers.size(); i++) {
      if (layers.get(i + 1).ignoresShift() && layers.get(i) instanceof Dense dense) {
        biases.add(dense.biases());
      }
    }
    return biases;
  }

  private static void checkParameters(Network network, Trajectory trajectory, double floor) {
    Set<String> checked = new HashSet<>();
    for (Trajectory.Named named : trajectory.parameters(network)) {
      double[] found = named.toPyTorch(named.parameters().get());
      check(named.name(), trajectory.values("after", named.name()), found, floor);
      checked.add(named.name());
    }
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof BatchNorm norm) {
        // PyTorch's first module flattens the images.
        String mean = i + 1 + ".running_mean";
        check(mean, trajectory.values("after", mean), doubles(norm.runningMean()), floor);
        checked.add(mean);
        String variance = i + 1 + ".running_var";
        check(
            variance, trajectory.values("after", variance), doubles(norm.runningVariance()), floor);
        checked.add(variance);
      }
    }
    assertEquals(trajectory.names("after"), checked);
  }

  private static void check(String what, double[] expected, double[] found, double floor) {
    assertEquals(expected.length, found.length, what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      double allowed = ITSELF * Math.abs(expected[i]) + floor * largest;
      assertEquals(expected[i], found[i], allowed, what + ", number " + i);
    }
  }

  private static double[] flat(float[][] rows, int count) {
    return Arrays.stream(rows, 0, count)
        .flatMapToDouble(row -> Arrays.stream(doubles(row)))
        .toArray();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Test
  void trajectories_coverAllThatThereIsToChooseFrom() {
    Set<String> normalizations = new HashSet<>();
    Set<String> activations = new HashSet<>();
    Set<String> optimizers = new HashSet<>();
    Trajectory.names()
        .map(Trajectory::read)
        .forEach(
            trajectory -> {
              normalizations.add(trajectory.normalization());
              activations.add(trajectory.activation());
              optimizers.add(trajectory.optimizer());
            });
    assertTrue(normalizations.containsAll(Registry.normalizations()), "normalizations");
    assertTrue(activations.containsAll(Registry.activations()), "activations");
    assertTrue(optimizers.containsAll(Registry.optimizers()), "optimizers");
  }
}
