package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.data.Examples;
import dev.tandem.dl4j.Networks;
import dev.tandem.nn.WeightsZip;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a variant may change is what is trained. */
class ChoicesTest {
  private static final int CLASSES = 5;
  private static final Examples TRAINING = Fixtures.random(90, 1);
  private static final Examples TEST = Fixtures.random(40, 2);

  @BeforeAll
  static void startCompute() {
    Compute.start();
  }

  static Stream<Map<String, Object>> choices() {
    return Stream.of(
        Map.of(),
        Map.of("normalization", "batch"),
        Map.of("normalization", "layer"),
        Map.of("activation", "tanh"),
        Map.of("activation", "sigmoid"),
        Map.of("activation", "gelu"),
        Map.of("dropout", 0.5),
        Map.of("initialScale", 0.1),
        Map.of("optimizer", "adamw", "weightDecay", 0.1),
        Map.of("optimizer", "sgd"),
        Map.of("optimizer", "momentum"),
        Map.of("optimizer", "momentum", "momentum", 0.5),
        Map.of("optimizer", "nesterov"),
        Map.of("optimizer", "rmsprop"),
        Map.of("weightDecay", 0.1),
        Map.of("learningRate", 0.1),
        Map.of("hiddenLayers", List.of(16, 4)),
        Map.of("hiddenLayers", List.of(16), "normalization", "layer", "dropout", 0.25),
        Map.of("batchSize", 1, "normalization", "layer"),
        Map.of("batchSize", 7, "normalization", "batch", "dropout", 0.1, "optimizer", "sgd"));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void training_goesOnFromItsCheckpoint_bitForBit(Map<String, Object> choice) throws Exception {
    TrainingPlan plan = plan(choice);
    try (Trainee unstopped = trainee(plan);
        Trainee next = trainee(plan)) {
      train(unstopped, plan, 3);
      byte[] kept = Checkpoint.of(unstopped, 1, 3, 0, 0);
      next.learner()
          .restore(
              Checkpoint.read(kept, next.shape(), Layout.STEP, Learners.moments(plan.optimizer()))
                  .state(),
              true);
      assertArrayEquals(train(unstopped, plan, 5), train(next, plan, 5));
      assertArrayEquals(TrainedNetwork.state(unstopped), TrainedNetwork.state(next));
    }
  }

  @Test
  void choices_areAllTrainedInAnotherWay() {
    Set<List<Double>> seen = new HashSet<>();
    List<Map<String, Object>> all = choices().toList();
    for (Map<String, Object> choice : all) {
      TrainingPlan plan = plan(choice);
      try (Trainee trainee = trainee(plan)) {
        List<Double> losses = new ArrayList<>();
        for (double loss : train(trainee, plan, 4)) {
          losses.add(loss);
        }
        assertTrue(losses.stream().allMatch(Double::isFinite), choice::toString);
        seen.add(losses);
      }
    }
    assertEquals(all.size(), seen.size());
  }

  @Test
  void layersOfTheSameShape_atTheSamePlace_startAlike_whateverElseDiffers() throws Exception {
    Map<String, float[]> own = arrays(plan(Map.of("activation", "gelu")), 0);
    Map<String, float[]> other =
        arrays(
            plan(
                Map.of(
                    "activation", "gelu",
                    "normalization", "layer",
                    "hiddenLayers", List.of(16, 3),
                    "optimizer", "sgd",
                    "batchSize", 7)),
            0);
    assertArrayEquals(own.get("1.weight"), other.get("1.weight"));
    assertArrayEquals(own.get("1.bias"), other.get("1.bias"));
  }

  static Stream<Map<String, Object>> choicesOfFit() {
    return choices().filter(choice -> Networks.lacks(plan(choice)).isEmpty());
  }

  /** Where DeepLearning4J has it, its {@code fit} takes the same steps. */
  @ParameterizedTest
  @MethodSource("choicesOfFit")
  void parameters_equalThoseOfFit(Map<String, Object> choice) {
    TrainingPlan plan = plan(choice);
    try (Trainee step = trainee(plan);
        Trainee fit = Trainee.create(Layout.FIT, plan, TRAINING, TEST, CLASSES)) {
      double[] expected = train(fit, plan, 20);
      double[] losses = train(step, plan, 20);
      for (int i = 0; i < losses.length; i++) {
        assertEquals(expected[i], losses[i], 1e-3 * expected[i]);
      }
    }
  }

  /**
   * What is downloaded of a network that DeepLearning4J lacks says what the network itself does.
   */
  @Test
  void arrays_makeTheSameNetwork() throws Exception {
    TrainingPlan plan =
        plan(Map.of("normalization", "layer", "activation", "gelu", "dropout", 0.2));
    try (Trainee trainee = trainee(plan)) {
      train(trainee, plan, 20);
      Map<String, float[]> arrays = arrays(trainee, plan);
      assertEquals(
          Set.of(
              "1.weight",
              "1.bias",
              "2.weight",
              "2.bias",
              "5.weight",
              "5.bias",
              "6.weight",
              "6.bias",
              "9.weight",
              "9.bias"),
          arrays.keySet());
      float[] expected = trainee.predictor().probabilities(TEST.features(), TEST.size());
      for (int example = 0; example < TEST.size(); example++) {
        double[] x = new double[20];
        for (int i = 0; i < x.length; i++) {
          x[i] = TEST.features()[example][i];
        }
        x = activated(normalized(dense(x, arrays, 1), arrays, 2));
        x = activated(normalized(dense(x, arrays, 5), arrays, 6));
        double[] probabilities = softmax(dense(x, arrays, 9));
        for (int k = 0; k < CLASSES; k++) {
          assertEquals(probabilities[k], expected[example * CLASSES + k], 1e-5);
        }
      }
    }
  }

  private static double[] dense(double[] x, Map<String, float[]> arrays, int index) {
    float[] weight = arrays.get(index + ".weight");
    float[] bias = arrays.get(index + ".bias");
    double[] y = new double[bias.length];
    for (int out = 0; out < y.length; out++) {
      y[out] = bias[out];
      for (int in = 0; in < x.length; in++) {
        y[out] += weight[out * x.length + in] * x[in];
      }
    }
    return y;
  }

  private static double[] normalized(double[] x, Map<String, float[]> arrays, int index) {
    double mean = Stream.of(x).flatMapToDouble(java.util.Arrays::stream).average().orElseThrow();
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] =
          (x[i] - mean) / Math.sqrt(variance + 1e-5) * arrays.get(index + ".weight")[i]
              + arrays.get(index + ".bias")[i];
    }
    return y;
  }

  /** x·Φ(x), with Φ by its series. */
  private static double[] activated(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double term = x[i];
      double sum = term;
      for (int n = 1; n < 200; n++) {
        term *= x[i] * x[i] / (2 * n + 1);
        sum += term;
      }
      double density = Math.exp(-x[i] * x[i] / 2) / Math.sqrt(2 * Math.PI);
      y[i] = x[i] * (0.5 + density * sum);
    }
    return y;
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] probabilities = new double[logits.length];
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k]) / sum;
    }
    return probabilities;
  }

  private static Map<String, float[]> arrays(TrainingPlan plan, int steps) throws Exception {
    try (Trainee trainee = trainee(plan)) {
      train(trainee, plan, steps);
      return arrays(trainee, plan);
    }
  }

  private static Map<String, float[]> arrays(Trainee trainee, TrainingPlan plan)
      throws IOException, UnusableStateException {
    TrainedNetwork network =
        TrainedNetwork.read(TrainedNetwork.state(trainee), trainee.shape(), plan.seed());
    WeightsZip zip = network.arrays(plan.network().dropout() > 0).zip(network::readFlat);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!zip.isWhole()) {
      all.write(zip.next());
    }
    Map<String, float[]> arrays = new HashMap<>();
    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(all.toByteArray()));
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals("NUMPY", new String(file.array(), 1, 5, StandardCharsets.US_ASCII));
      file.position(10 + file.getShort(8));
      float[] values = new float[file.remaining() / Float.BYTES];
      file.asFloatBuffer().get(values);
      arrays.put(entry.getName().replace(".npy", ""), values);
    }
    return arrays;
  }

  private static TrainingPlan plan(Map<String, Object> choice) {
    return new SettingsBuilder()
        .data(TRAINING.size(), TEST.size())
        .batchSize(30)
        .learningRate(0.01)
        .hiddenLayers(List.of(16, 8))
        .seed(3)
        .variants(List.of(new Variant("a", choice)))
        .plan();
  }

  private static Trainee trainee(TrainingPlan plan) {
    return Trainee.create(Layout.STEP, plan, TRAINING, TEST, CLASSES);
  }

  private static double[] train(Trainee trainee, TrainingPlan plan, int steps) {
    double[] losses = new double[steps];
    int[] order = new BatchOrder(plan.seed(), TRAINING.size()).next();
    for (int step = 0; step < steps; step++) {
      int from = step * plan.batchSize() % order.length;
      losses[step] = trainee.step(order, from, Math.min(plan.batchSize(), order.length - from));
    }
    return losses;
  }
}
