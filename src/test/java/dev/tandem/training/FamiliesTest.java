package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.data.ExampleStore;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the answer is right: the seed experiment, and what it becomes with another optimizer,
 * activation or spread of the initial weights, against means over seeds in PyTorch.
 */
@Execution(ExecutionMode.CONCURRENT)
class FamiliesTest {
  /** Settings by their names here, where they differ. */
  private static final Map<String, String> NAMES =
      Map.of("lr", "learningRate", "spread", "initialScale");

  private static final int[] EPOCHS = {1, 5, 10};

  @ParameterizedTest
  @CsvSource({
    "mlp-none, 3, 10",
    "mlp-batch, 3, 10",
    "mlp-layer, 3, 10",
    "mlp-momentum0.05-none, 3, 1",
    "mlp-sgd0.1-layer, 3, 1",
    "mlp-tanh-batch, 3, 1",
    "mlp-sigmoid-layer, 3, 1",
    "mlp-weights-x0.1-none, 3, 1",
  })
  void means_overSomeSeeds_agreeWithPyTorch(String family, int seeds, int epochs) throws Exception {
    assertAgrees(family, seeds, epochs);
  }

  static Stream<String> families() throws IOException {
    return reference().keySet().stream().filter(family -> family.startsWith("mlp-"));
  }

  @ParameterizedTest
  @MethodSource("families")
  @Tag("load")
  void means_overTenSeeds_agreeWithPyTorch(String family) throws Exception {
    assertAgrees(family, 10, 10);
  }

  private static void assertAgrees(String family, int seeds, int epochs) throws Exception {
    Compute compute = Compute.start();
    Family reference = reference().get(family);
    double[] accuracy = new double[epochs];
    double[] loss = new double[epochs];
    for (int seed = 1; seed <= seeds; seed++) {
      TrainingPlan plan = plan(reference.settings(), seed, epochs);
      ExampleStore.Sets sets = Fixtures.embedded(plan);
      try (Trainee trainee =
          compute.trainee(plan, sets.training(), sets.test(), plan.data().classes())) {
        BatchOrder order = new BatchOrder(seed, plan.data().trainingExamples());
        for (int epoch = 0; epoch < epochs; epoch++) {
          int[] rows = order.next();
          for (int from = 0; from < rows.length; from += plan.batchSize()) {
            trainee.step(rows, from, Math.min(plan.batchSize(), rows.length - from));
          }
          loss[epoch] += trainee.trainingScore().loss() / seeds;
          accuracy[epoch] += trainee.evaluation().score().accuracy() / seeds;
        }
      }
    }
    for (int epoch : EPOCHS) {
      if (epoch <= epochs) {
        System.out.printf(
            "%s, %d seeds, epoch %d: test accuracy %.3f (PyTorch %.3f), training loss %.4f (PyTorch %.4f)%n",
            family,
            seeds,
            epoch,
            accuracy[epoch - 1],
            reference.testAccuracy().mean().get(epoch - 1),
            loss[epoch - 1],
            reference.trainLoss().mean().get(epoch - 1));
        reference.testAccuracy().assertNear(accuracy, epoch, 3, seeds, reference.seeds());
        // More tightly known, and of so many one is beyond three standard errors by chance.
        reference.trainLoss().assertNear(loss, epoch, 4, seeds, reference.seeds());
      }
    }
  }

  private static TrainingPlan plan(JsonNode settings, long seed, int epochs) {
    Map<String, Object> patch = new HashMap<>();
    for (Iterator<String> names = settings.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      patch.put(NAMES.getOrDefault(name, name), settings.get(name));
    }
    return new SettingsBuilder()
        .data(5000, 1000)
        .epochs(epochs)
        .batchSize(60)
        .hiddenLayers(List.of(128, 64))
        .seed(seed)
        .variants(List.of(new Variant("asked", patch)))
        .plan();
  }

  private static Map<String, Family> reference() throws IOException {
    try (InputStream in = FamiliesTest.class.getResourceAsStream("families.json")) {
      return new ObjectMapper().readValue(in, new TypeReference<Map<String, Family>>() {});
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Family(
      JsonNode settings,
      int seeds,
      @JsonProperty("train_loss") Curve trainLoss,
      @JsonProperty("test_accuracy") Curve testAccuracy) {}

  /** Means and standard deviations over seeds, after each epoch. */
  private record Curve(List<Double> mean, List<Double> sd) {
    void assertNear(double[] found, int epoch, int errors, int seeds, int referenceSeeds) {
      double standardError = sd.get(epoch - 1) * Math.sqrt(1.0 / seeds + 1.0 / referenceSeeds);
      assertEquals(
          mean.get(epoch - 1), found[epoch - 1], errors * standardError, "after epoch " + epoch);
    }
  }
}
