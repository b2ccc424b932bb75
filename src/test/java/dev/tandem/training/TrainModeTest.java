package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.data.Examples;
import dev.tandem.nn.Score;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network tested by the statistics of each test batch. */
class TrainModeTest {
  private static final Examples TRAINING = Fixtures.random(100, 1);

  @BeforeAll
  static void startCompute() {
    Compute.start();
  }

  @ParameterizedTest
  @CsvSource({"30, 40", "3, 40", "2, 41", "60, 40", "90, 260"})
  void score_isThatOfDeepLearning4j_andOfPlainArithmetic(int batchSize, int testExamples) {
    TrainingPlan plan = plan(Normalization.BATCH, batchSize, testExamples, true);
    Examples test = Fixtures.random(testExamples, 2);
    try (Trainee fast = Trainee.create(Layout.STEP, plan, TRAINING, test, 5);
        Trainee fit = Trainee.create(Layout.FIT, plan, TRAINING, test, 5)) {
      train(fast, plan);
      Fixtures.copy(fast, fit, plan);
      Score score = fast.evaluation().trainModeScore();
      Score plain = plain(Fixtures.model(fast, plan), test, batchSize);
      assertEquals(plain.loss(), score.loss(), 1e-4 * plain.loss());
      assertEquals(plain.accuracy(), score.accuracy(), 1e-9);
      Score byFit = fit.evaluation().trainModeScore();
      assertEquals(byFit.loss(), score.loss(), 1e-4 * byFit.loss());
      assertEquals(byFit.accuracy(), score.accuracy(), 1e-9);
      assertArrayEquals(Fixtures.parameters(fast, plan), Fixtures.parameters(fit, plan));
    }
  }

  /** Layer by layer in double precision, from the model's parameters by their names. */
  private static Score plain(MultiLayerNetwork model, Examples test, int batchSize) {
    double loss = 0;
    int correct = 0;
    for (int from = 0; from < test.size(); ) {
      int left = test.size() - from;
      int rows = left - batchSize == 1 ? left : Math.min(batchSize, left);
      double[][] x = new double[rows][test.inputs()];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < test.inputs(); i++) {
          x[r][i] = test.features()[from + r][i];
        }
      }
      for (int layer : new int[] {0, 3}) {
        x = dense(x, model, layer);
        normalize(x, model, layer + 1);
      }
      double[][] logits = dense(x, model, 6);
      for (int r = 0; r < rows; r++) {
        int label = test.labels()[from + r];
        loss += Math.log(Arrays.stream(logits[r]).map(Math::exp).sum()) - logits[r][label];
        double most = Arrays.stream(logits[r]).max().orElseThrow();
        correct += logits[r][label] == most ? 1 : 0;
      }
      from += rows;
    }
    return new Score(loss / test.size(), (double) correct / test.size());
  }

  private static double[][] dense(double[][] x, MultiLayerNetwork model, int layer) {
    INDArray weights = model.getParam(layer + "_W");
    INDArray biases = model.getParam(layer + "_b");
    double[][] w = weights.toDoubleMatrix();
    double[][] sums = new double[x.length][w[0].length];
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < w[0].length; c++) {
        sums[r][c] = biases.getDouble(c);
        for (int i = 0; i < w.length; i++) {
          sums[r][c] += x[r][i] * w[i][c];
        }
      }
    }
    return sums;
  }

  private static void normalize(double[][] x, MultiLayerNetwork model, int layer) {
    for (int c = 0; c < x[0].length; c++) {
      double mean = 0;
      double variance = 0;
      for (double[] row : x) {
        mean += row[c] / x.length;
      }
      for (double[] row : x) {
        variance += (row[c] - mean) * (row[c] - mean) / x.length;
      }
      double gamma = model.getParam(layer + "_gamma").getDouble(c);
      double beta = model.getParam(layer + "_beta").getDouble(c);
      for (double[] row : x) {
        row[c] = Math.max(0, gamma * (row[c] - mean) / Math.sqrt(variance + 1e-5) + beta);
      }
    }
  }

  @Test
  void losses_andRunningStatistics_areTheSameBits_withAndWithout() {
    List<Object> with = trained(true);
    List<Object> without = trained(false);
    for (int i = 0; i < with.size(); i++) {
      assertArrayEquals((float[]) without.get(i), (float[]) with.get(i));
    }
  }

  private static List<Object> trained(boolean trainMode) {
    TrainingPlan plan = plan(Normalization.BATCH, 30, 40, trainMode);
    List<Object> seen = new ArrayList<>();
    try (Trainee trainee = trainee(plan)) {
      for (int epoch = 0; epoch < 5; epoch++) {
        seen.add(train(trainee, plan));
        if (trainMode) {
          assertTrue(trainee.evaluation().trainModeScore().loss() > 0);
        }
        Score test = trainee.evaluation().score();
        seen.add(new float[] {(float) test.loss(), (float) test.accuracy()});
        seen.add(Fixtures.parameters(trainee, plan));
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutBatchNormalization_orUnasked_thereIsNone(boolean asked) {
    Normalization normalization = asked ? Normalization.NONE : Normalization.BATCH;
    try (Trainee trainee = trainee(plan(normalization, 30, 40, asked))) {
      assertNull(trainee.evaluation().trainModeScore());
    }
  }

  @Test
  void oneTestExample_hasNoStatistics() {
    try (Trainee trainee = trainee(plan(Normalization.BATCH, 30, 1, true))) {
      assertNull(trainee.evaluation().trainModeScore());
    }
  }

  @Test
  void lastBatchOfOne_joinsTheOneBefore() {
    List<Integer> rows = new ArrayList<>();
    for (int left = 41; left > 0; left -= rows.get(rows.size() - 1)) {
      rows.add(Evaluation.trainModeRows(left, 20));
    }
    assertEquals(List.of(20, 21), rows);
    assertEquals(2, Evaluation.trainModeRows(2, 20));
  }

  private static Trainee trainee(TrainingPlan plan) {
    return Compute.start()
        .trainee(plan, TRAINING, Fixtures.random(plan.data().testExamples(), 2), 5);
  }

  private static float[] train(Trainee trainee, TrainingPlan plan) {
    int[] order = new BatchOrder(1, 100).next();
    float[] losses = new float[plan.iterationsPerEpoch()];
    for (int i = 0; i < losses.length; i++) {
      int from = i * plan.batchSize();
      losses[i] = (float) trainee.step(order, from, Math.min(plan.batchSize(), 100 - from));
    }
    return losses;
  }

  private static TrainingPlan plan(
      Normalization normalization, int batchSize, int testExamples, boolean trainMode) {
    return new SettingsBuilder()
        .data(100, testExamples)
        .epochs(1)
        .batchSize(batchSize)
        .learningRate(0.01)
        .hiddenLayers(List.of(16, 8))
        .seed(3)
        .variants(List.of(Variant.of(normalization)))
        .trainModeTest(trainMode)
        .plan();
  }
}
