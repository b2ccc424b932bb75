package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.lens.Lens;
import dev.tandem.lens.LensPlan;
import dev.tandem.run.LayerSample;
import dev.tandem.run.LayerSample.OfBatchNorm;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is seen in hidden layers, against DeepLearning4J's arrays and against plain loops. */
class LensTest {
  private static final List<Integer> HIDDEN = List.of(16, 12, 8);

  @BeforeAll
  static void startCompute() {
    Compute.start();
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BATCH"})
  void samples_equalWhatDeepLearning4jShows(Normalization normalization) {
    try (Trainee fast = fast(normalization, true);
        Trainee fit = fit(normalization)) {
      for (int step = 0; step < 40; step++) {
        step(fast, step, true);
        step(fit, step, true);
        List<LayerSample> expected = fit.learner().lens().orElseThrow().samples();
        List<LayerSample> seen = fast.learner().lens().orElseThrow().samples();
        assertEquals(HIDDEN.size(), seen.size());
        for (int layer = 0; layer < HIDDEN.size(); layer++) {
          assertClose(expected.get(layer), seen.get(layer));
        }
      }
      fast.evaluation().score();
      fit.evaluation().score();
      int[][] expected = fit.learner().lens().orElseThrow().histograms();
      int[][] seen = fast.learner().lens().orElseThrow().histograms();
      for (int layer = 0; layer < HIDDEN.size(); layer++) {
        assertEquals(40 * HIDDEN.get(layer), IntStream.of(seen[layer]).sum());
        int moved = 0;
        for (int bin = 0; bin < seen[layer].length; bin++) {
          moved += Math.abs(seen[layer][bin] - expected[layer][bin]);
        }
        // Each value that moved counts twice; batch normalization's differ as the samples do.
        int most = normalization == Normalization.BATCH ? 40 * HIDDEN.get(layer) / 5 : 8;
        assertTrue(moved <= most, "values in other bins: " + moved);
      }
    }
  }

  private static void assertClose(LayerSample expected, LayerSample seen) {
    double scale = expected.inputSd();
    // DeepLearning4J moves biases before batch normalization by rounding errors, and Adam makes
    // whole steps of whatever is small.
    double close = seen.batchNorm() == null ? 2e-3 : 1e-2;
    assertEquals(expected.sumMean(), seen.sumMean(), close * expected.sumSd());
    assertEquals(expected.sumSd(), seen.sumSd(), close * expected.sumSd());
    assertEquals(expected.inputMean(), seen.inputMean(), close * scale);
    assertEquals(expected.inputSd(), seen.inputSd(), close * scale);
    assertEquals(expected.inputLow(), seen.inputLow(), 2e-2 * scale);
    assertEquals(expected.inputMedian(), seen.inputMedian(), 2e-2 * scale);
    assertEquals(expected.inputHigh(), seen.inputHigh(), 2e-2 * scale);
    assertEquals(expected.deadRatio(), seen.deadRatio(), 1e-6);
    assertEquals(expected.gradientNorm(), seen.gradientNorm(), close * expected.gradientNorm());
    assertEquals(expected.updateRatio(), seen.updateRatio(), close * expected.updateRatio());
    assertEquals(expected.batchNorm() == null, seen.batchNorm() == null);
    if (seen.batchNorm() != null) {
      OfBatchNorm norm = expected.batchNorm();
      // DeepLearning4J moves biases by rounding errors, and the mean with them; both means alike.
      assertEquals(norm.meanGap(), seen.batchNorm().meanGap(), 2e-3);
      assertEquals(norm.sdGap(), seen.batchNorm().sdGap(), 2e-3);
      assertEquals(norm.gammaMin(), seen.batchNorm().gammaMin(), 1e-3);
      assertEquals(norm.gammaMean(), seen.batchNorm().gammaMean(), 1e-3);
      assertEquals(norm.gammaMax(), seen.batchNorm().gammaMax(), 1e-3);
      assertEquals(norm.betaMin(), seen.batchNorm().betaMin(), 1e-3);
      assertEquals(norm.betaMean(), seen.batchNorm().betaMean(), 1e-3);
      assertEquals(norm.betaMax(), seen.batchNorm().betaMax(), 1e-3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void losses_areTheSameBitForBit_whetherLookedIntoOrNot(Normalization normalization) {
    try (Trainee watched = fast(normalization, true);
        Trainee left = fast(normalization, false)) {
      for (int step = 0; step < 60; step++) {
        assertEquals(step(left, step, false), step(watched, step, step % 3 == 0));
      }
      assertEquals(left.evaluation().score(), watched.evaluation().score());
      assertArrayEquals(TrainedNetwork.state(left), TrainedNetwork.state(watched));
      assertTrue(left.learner().lens().isEmpty());
    }
  }

  @Test
  void layer_ofKnownNumbers_isDescribedAsPlainLoopsDo() {
    int rows = 50;
    int units = 40;
    Random random = new Random(5);
    float[][] x = new float[rows][units];
    for (float[] row : x) {
      for (int unit = 0; unit < units; unit++) {
        // Every fourth unit is off for each example.
        row[unit] = unit % 4 == 0 ? -random.nextFloat() : (float) random.nextGaussian() * 30 + 2;
      }
    }
    double[] all =
        Arrays.stream(x)
            .flatMapToDouble(row -> IntStream.range(0, units).mapToDouble(i -> row[i]))
            .sorted()
            .toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    double variance = Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow();

    Lens lens = new Lens(List.of(units));
    lens.layer(0).inputs(x, rows, false);
    lens.layer(0).moved(1234567, 0.000123456);
    LayerSample seen = lens.samples().get(0);

    assertEquals(mean, seen.inputMean(), 1e-3 * mean);
    assertEquals(Math.sqrt(variance), seen.inputSd(), 1e-3 * Math.sqrt(variance));
    assertEquals(seen.inputMean(), seen.sumMean());
    assertEquals(seen.inputSd(), seen.sumSd());
    assertEquals(0.25f, seen.deadRatio());
    assertQuantile(all, 0.15, seen.inputLow());
    assertQuantile(all, 0.5, seen.inputMedian());
    assertQuantile(all, 0.85, seen.inputHigh());
    assertEquals(1235000f, seen.gradientNorm());
    assertEquals(0.0001235f, seen.updateRatio());

    lens.layer(0).testInputs(x, rows);
    float[] edges = Lens.histogramEdges();
    int[] bins = lens.histograms()[0];
    assertEquals(edges.length + 1, bins.length);
    for (int bin = 0; bin < bins.length; bin++) {
      double from = bin == 0 ? Double.NEGATIVE_INFINITY : edges[bin - 1];
      double to = bin == edges.length ? Double.POSITIVE_INFINITY : edges[bin];
      long expected = Arrays.stream(all).filter(v -> v >= from && v < to).count();
      assertEquals(expected, bins[bin], "from " + from + " to " + to);
    }
  }

  /** Within a part in 32 of itself, and as near in rank as the values beside it. */
  private static void assertQuantile(double[] sorted, double share, double seen) {
    double expected = sorted[(int) (share * sorted.length)];
    assertEquals(expected, seen, Math.abs(expected) / 32 + 0.02);
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 60, 10, 40, 70",
    "5000, 4, 3, 50, 90",
    "5000, 60, 1000, 60, 120",
    "60000, 1, 16, 80, 120",
    "60, 60, 1, 1, 1",
    "100, 60, 1, 1, 1",
    "300, 30, 2, 10, 20"
  })
  void plan_isBounded_risesAndPassesOverSmallerBatches(
      int examples, int batchSize, int epochs, int least, int most) {
    TrainingPlan plan = plan(examples, batchSize, epochs);
    LensPlan lensPlan = LensPlan.of(plan);
    long[] looked =
        LongStream.rangeClosed(1, plan.iterations()).filter(lensPlan::hasIteration).toArray();
    assertTrue(looked.length >= least && looked.length <= most, looked.length + " iterations");
    assertEquals(1, looked[0]);
    long smaller = examples % batchSize;
    assertEquals(
        smaller > 0 ? plan.iterations() - 1 : plan.iterations(), looked[looked.length - 1]);
    if (smaller > 0) {
      for (long iteration : looked) {
        assertTrue(iteration % plan.iterationsPerEpoch() != 0);
      }
    }
    long told = LongStream.rangeClosed(1, epochs).filter(e -> lensPlan.hasEpoch((int) e)).count();
    assertTrue(told <= 90 && told >= Math.min(10, epochs), told + " epochs");
    assertTrue(lensPlan.hasEpoch(epochs));
  }

  private static double step(Trainee trainee, int step, boolean watched) {
    int[] order = new BatchOrder(1, 100).next();
    int from = step % 4 * 30;
    int count = Math.min(30, 100 - from);
    return watched ? trainee.watchedStep(order, from, count) : trainee.step(order, from, count);
  }

  private static Trainee fast(Normalization normalization, boolean lens) {
    return trainee(Layout.STEP, plan(Variant.of(normalization), lens));
  }

  private static Trainee fit(Normalization normalization) {
    return trainee(Layout.FIT, plan(Variant.of(normalization), true));
  }

  private static Trainee trainee(Layout layout, TrainingPlan plan) {
    return Trainee.create(layout, plan, Fixtures.random(100, 1), Fixtures.random(40, 2), 5);
  }

  private static TrainingPlan plan(Variant variant, boolean lens) {
    TrainingPlan plan =
        new SettingsBuilder()
            .data(100, 40)
            .epochs(1)
            .batchSize(30)
            .learningRate(0.001)
            .hiddenLayers(HIDDEN)
            .seed(3)
            .variants(List.of(variant))
            .plan();
    return lens ? Fixtures.withLens(plan) : plan;
  }

  private static TrainingPlan plan(int examples, int batchSize, int epochs) {
    return Fixtures.withLens(
        new SettingsBuilder()
            .data(examples, 100)
            .epochs(epochs)
            .batchSize(batchSize)
            .learningRate(0.001)
            .hiddenLayers(HIDDEN)
            .seed(1)
            .variants(List.of(Variant.of(Normalization.NONE)))
            .plan());
  }
}
