package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.data.ExampleStore;
import dev.tandem.run.Json;
import dev.tandem.run.Normalization;
import dev.tandem.run.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the answer is right: the seed experiment against the same one in PyTorch. */
@Execution(ExecutionMode.CONCURRENT)
class SeedExperimentTest {
  private static final int SEEDS = 5;

  /** Runs behind the reference's mean and standard deviation. */
  private static final int REFERENCE_SEEDS = 20;

  private static final int[] EPOCHS = {1, 5, 10};

  @ParameterizedTest
  @EnumSource
  void meanTestAccuracy_overFiveSeeds_agreesWithPyTorch(Normalization normalization)
      throws Exception {
    Compute compute = Compute.start();
    double[] accuracy = new double[10];
    for (int seed = 1; seed <= SEEDS; seed++) {
      TrainingPlan plan = Fixtures.seedExperiment(seed, normalization);
      ExampleStore.Sets sets = Fixtures.embedded(plan);
      try (Trainee trainee = compute.trainee(plan, sets.training(), sets.test(), 10)) {
        BatchOrder order = new BatchOrder(seed, plan.data().trainingExamples());
        for (int epoch = 0; epoch < accuracy.length; epoch++) {
          int[] rows = order.next();
          for (int from = 0; from < rows.length; from += plan.batchSize()) {
            trainee.step(rows, from, Math.min(plan.batchSize(), rows.length - from));
          }
          accuracy[epoch] += trainee.evaluation().score().accuracy() / SEEDS;
        }
      }
    }
    Curve reference = reference(normalization);
    for (int epoch : EPOCHS) {
      double standardError =
          reference.sd().get(epoch - 1) * Math.sqrt(1.0 / SEEDS + 1.0 / REFERENCE_SEEDS);
      assertEquals(
          reference.mean().get(epoch - 1),
          accuracy[epoch - 1],
          3 * standardError,
          "mean test accuracy after epoch " + epoch);
    }
  }

  private static Curve reference(Normalization normalization) throws IOException {
    try (InputStream in =
        SeedExperimentTest.class.getResourceAsStream("pytorch-seed-experiment.json")) {
      return Json.read(in.readAllBytes(), Reference.class).get(normalization).testAccuracy();
    }
  }

  /** Variants by their names in the file. */
  private record Reference(Curves none, Curves batch, Curves layer) {
    Curves get(Normalization normalization) {
      return switch (normalization) {
        case NONE -> none;
        case BATCH -> batch;
        case LAYER -> layer;
      };
    }
  }

  private record Curves(
      @JsonProperty("train_loss") Curve trainLoss,
      @JsonProperty("test_loss") Curve testLoss,
      @JsonProperty("test_accuracy") Curve testAccuracy) {}

  private record Curve(List<Double> mean, List<Double> sd) {}
}
