package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.data.Examples;
import dev.tandem.dl4j.FitNetwork;
import dev.tandem.nn.Score;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The step of our own against DeepLearning4J's {@code fit}. */
@Execution(ExecutionMode.CONCURRENT)
class StepTest {

  @BeforeAll
  static void startCompute() {
    Compute.start();
  }

  static Stream<Arguments> shapes() {
    return Stream.of(Normalization.NONE, Normalization.BATCH)
        .flatMap(
            normalization ->
                Stream.of(
                    Arguments.of(normalization, "last batch partial", List.of(16, 8), 30, 200),
                    Arguments.of(normalization, "one hidden layer", List.of(12), 25, 200),
                    Arguments.of(
                        normalization, "four hidden layers", List.of(16, 12, 10, 8), 25, 200),
                    // Batch normalization makes two examples nearly ±1, whatever they are: a
                    // rounding error that flips one grows from step to step, in fit as well.
                    Arguments.of(
                        normalization,
                        "batch of two",
                        List.of(16, 8),
                        2,
                        normalization == Normalization.BATCH ? 25 : 200)));
  }

  @ParameterizedTest(name = "{0}, {1}, {4} steps")
  @MethodSource("shapes")
  void parameters_afterManySteps_equalThoseOfFit(
      Normalization normalization,
      String shape,
      List<Integer> hiddenLayers,
      int batchSize,
      int steps) {
    Variant variant = Variant.of(normalization);
    TrainingPlan plan =
        new SettingsBuilder()
            .data(100, 40)
            .epochs(1)
            .batchSize(batchSize)
            .learningRate(0.001)
            .hiddenLayers(hiddenLayers)
            .seed(3)
            .variants(List.of(variant))
            .plan();
    Examples training = Fixtures.random(100, 1);
    Examples test = Fixtures.random(40, 2);
    try (Trainee fast = Trainee.create(Layout.STEP, plan, training, test, 5);
        Trainee fit = Trainee.create(Layout.FIT, plan, training, test, 5)) {
      double loss = train(fast, plan, steps);
      assertEquals(train(fit, plan, steps), loss, 1e-4 * loss);
      MultiLayerNetwork byFit = Fixtures.model(fit, plan);
      MultiLayerNetwork byStep = Fixtures.model(fast, plan);
      for (String name : byFit.paramTable().keySet()) {
        if (normalization == Normalization.NONE || !isMovedByRoundingAlone(name, byFit)) {
          assertClose(name, byFit.getParam(name), byStep.getParam(name));
        }
      }
      assertEquals(fit.trainingScore().loss(), fast.trainingScore().loss(), 1e-4);
      if (normalization == Normalization.NONE) {
        assertEquals(fit.evaluation().score().loss(), fast.evaluation().score().loss(), 1e-5);
      }
      // With batch normalization fit's running mean lags behind biases that rounding moves, by
      // more or less on different processors.
      Fixtures.copy(fast, fit, plan);
      assertEquals(fit.evaluation().score().loss(), fast.evaluation().score().loss(), 1e-5);
      assertSameAnswers(fit, fast, test);
    }
  }

  private static void assertSameAnswers(Trainee fit, Trainee fast, Examples test) {
    Score score = fast.evaluation().score();
    assertEquals(fit.evaluation().score().loss(), score.loss(), 1e-5);
    byte[] predicted = fast.evaluation().predictions();
    assertArrayEquals(fit.evaluation().predictions(), predicted);
    int correct = 0;
    for (int i = 0; i < test.size(); i++) {
      correct += predicted[i] == fast.evaluation().labels()[i] ? 1 : 0;
    }
    assertEquals(score.accuracy(), (double) correct / test.size(), 1e-9);
    assertArrayEquals(
        fit.predictor().probabilities(test.features(), test.size()),
        fast.predictor().probabilities(test.features(), test.size()),
        1e-5f);
  }

  /**
   * A bias before batch normalization has the gradient 0; Adam makes steps of the rounding errors
   * in it, and the running mean follows. Ours stays where it was.
   */
  private static boolean isMovedByRoundingAlone(String name, MultiLayerNetwork model) {
    String outputBias = model.getnLayers() - 1 + "_b";
    return name.endsWith("_mean") || (name.endsWith("_b") && !name.equals(outputBias));
  }

  @Test
  void savedModel_predictsAsItDidInTraining() throws IOException {
    Variant variant = Variant.of(Normalization.BATCH);
    TrainingPlan plan =
        new SettingsBuilder()
            .data(100, 40)
            .epochs(1)
            .batchSize(30)
            .learningRate(0.01)
            .hiddenLayers(List.of(16, 8))
            .seed(3)
            .variants(List.of(variant))
            .plan();
    Examples training = Fixtures.random(100, 1);
    Examples test = Fixtures.random(40, 2);
    try (Trainee fast = Trainee.create(Layout.STEP, plan, training, test, 5)) {
      train(fast, plan, 100);
      ByteArrayOutputStream saved = new ByteArrayOutputStream();
      ModelSerializer.writeModel(Fixtures.model(fast, plan), saved, false);
      MultiLayerNetwork loaded =
          ModelSerializer.restoreMultiLayerNetwork(
              new ByteArrayInputStream(saved.toByteArray()), false);
      try (Trainee again = fit(loaded, plan, training, test)) {
        assertEquals(fast.evaluation().score().loss(), again.evaluation().score().loss(), 1e-5);
        assertEquals(fast.evaluation().score().accuracy(), again.evaluation().score().accuracy());
      }
    }
  }

  private static Trainee fit(
      MultiLayerNetwork model, TrainingPlan plan, Examples training, Examples test) {
    Shape shape = Shape.of(plan, 20, 5);
    FitNetwork network = new FitNetwork(model, 5, null);
    return new Trainee(network, Layout.FIT, shape, plan, training, test);
  }

  /** Within 1e-4 of the parameter's own norm. */
  private static void assertClose(String name, INDArray expected, INDArray actual) {
    double scale = expected.norm2Number().doubleValue();
    double distance = expected.sub(actual).norm2Number().doubleValue();
    assertTrue(
        distance <= 1e-4 * scale,
        () -> "%s differs by %.2e of its norm".formatted(name, distance / scale));
  }

  private static double train(Trainee trainee, TrainingPlan plan, int count) {
    BatchOrder order = new BatchOrder(plan.seed(), plan.data().trainingExamples());
    double loss = Double.NaN;
    int steps = 0;
    while (true) {
      int[] epoch = order.next();
      for (int from = 0; from < epoch.length; from += plan.batchSize()) {
        if (steps++ == count) {
          return loss;
        }
        loss = trainee.step(epoch, from, Math.min(plan.batchSize(), epoch.length - from));
      }
    }
  }

  @Test
  void initialWeights_ofBothVariants_areTheSame() {
    MultiLayerNetwork none = network(Normalization.NONE);
    MultiLayerNetwork batch = network(Normalization.BATCH);
    assertArrayEquals(weights(none, "0_W"), weights(batch, "0_W"));
    assertArrayEquals(weights(none, "0_b"), weights(batch, "0_b"));
    assertArrayEquals(weights(none, "2_W"), weights(batch, "3_W"));
    assertArrayEquals(weights(none, "4_W"), weights(batch, "6_W"));
    double bound = 1 / Math.sqrt(784);
    assertTrue(none.getParam("0_W").maxNumber().doubleValue() <= bound);
    assertEquals(bound / Math.sqrt(3), none.getParam("0_W").stdNumber().doubleValue(), bound / 100);
  }

  private static MultiLayerNetwork network(Normalization normalization) {
    TrainingPlan plan = Fixtures.seedExperiment(1, normalization);
    Examples images = Fixtures.images(1);
    try (Trainee trainee = Trainee.create(Layout.FIT, plan, images, images, 10)) {
      return Fixtures.model(trainee, plan);
    }
  }

  private static float[] weights(MultiLayerNetwork network, String name) {
    return network.getParam(name).dup('c').data().asFloat();
  }
}
