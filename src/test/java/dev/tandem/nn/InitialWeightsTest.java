package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What dense layers start from, and what of it networks of one run have in common. */
class InitialWeightsTest {
  private static final int INPUTS = 30;
  private static final int CLASSES = 10;
  private static final List<Integer> RUN = List.of(100, 50, 20, 10);
  private static final long SEED = 7;

  private static InitialWeights weights(double scale) {
    return new InitialWeights(SEED, scale, INPUTS, RUN, CLASSES);
  }

  /** Weights, then biases, of each dense layer. */
  private static List<float[]> drawn(List<Integer> hiddenLayers, InitialWeights weights) {
    List<float[]> drawn = new ArrayList<>();
    MultilayerPerceptron perceptron =
        new MultilayerPerceptron(INPUTS, hiddenLayers, CLASSES)
            .normalization(LayerNorm::new)
            .dropout(0.5, 1)
            .initialWeights(weights);
    try (Network network = perceptron.network(new Sgd(0.1, 0), 1)) {
      for (Layer layer : network.layers()) {
        if (layer instanceof Dense dense) {
          drawn.add(dense.weights().get());
          drawn.add(dense.biases().get());
        }
      }
    }
    return drawn;
  }

  private static boolean same(List<float[]> a, List<float[]> b, int layer) {
    return Arrays.equals(a.get(2 * layer), b.get(2 * layer))
        && Arrays.equals(a.get(2 * layer + 1), b.get(2 * layer + 1));
  }

  @Test
  void runsOwnNetwork_isDrawnLayerAfterLayerFromOneSequence() {
    List<float[]> drawn = drawn(RUN, weights(1));
    SplittableRandom random = new SplittableRandom(SEED);
    List<Integer> ins = List.of(INPUTS, 100, 50, 20, 10);
    assertEquals(2 * ins.size(), drawn.size());
    for (int i = 0; i < drawn.size(); i++) {
      double bound = 1 / Math.sqrt(ins.get(i / 2));
      float[] expected = new float[drawn.get(i).length];
      for (int j = 0; j < expected.length; j++) {
        expected[j] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
      assertArrayEquals(expected, drawn.get(i));
    }
  }

  @Test
  void layersOfTheSameShapeAtTheSamePlace_startTheSame_whateverElseDiffers() {
    List<float[]> run = drawn(RUN, weights(1));
    List<float[]> variant = drawn(List.of(100, 60, 20, 10), weights(1));
    assertTrue(same(run, variant, 0), "first hidden layer");
    assertTrue(same(run, variant, 3), "fourth hidden layer");
    assertTrue(same(run, variant, 4), "output layer");
    List<float[]> deeper = drawn(List.of(100, 50, 20, 10, 10), weights(1));
    for (int layer = 0; layer < 4; layer++) {
      assertTrue(same(run, deeper, layer), "layer " + layer);
    }
    assertArrayEquals(run.get(8), deeper.get(10), "output layer, however deep");
    assertFalse(Arrays.equals(run.get(8), deeper.get(8)), "as large, but not the output layer");
  }

  @Test
  void layersThatTheRunsOwnNetworkHasNot_startTheSameInAllVariants() {
    List<float[]> one = drawn(List.of(100, 60, 20, 10), weights(1));
    List<float[]> other = drawn(List.of(100, 60, 20, 5), weights(1));
    assertTrue(same(one, other, 1), "100 to 60");
    assertTrue(same(one, other, 2), "60 to 20");
    List<float[]> alike = drawn(List.of(40, 40, 40), weights(1));
    assertFalse(same(alike, alike, 1) && Arrays.equals(alike.get(2), alike.get(4)), "two places");
    for (float[] values : alike) {
      assertTrue(Arrays.stream(doubles(values)).distinct().count() > 1, "drawn");
    }
  }

  @Test
  void otherSeed_startsAllLayersElsewhere() {
    InitialWeights others = new InitialWeights(SEED + 1, 1, INPUTS, RUN, CLASSES);
    for (List<Integer> shape : List.of(RUN, List.of(100, 60, 20, 10))) {
      List<float[]> here = drawn(shape, weights(1));
      List<float[]> there = drawn(shape, others);
      for (int i = 0; i < here.size(); i++) {
        assertFalse(Arrays.equals(here.get(i), there.get(i)), "array " + i);
      }
    }
  }

  @Test
  void scale_multipliesWeightsAndNothingElse() {
    for (List<Integer> shape : List.of(RUN, List.of(100, 60, 20, 10))) {
      List<float[]> whole = drawn(shape, weights(1));
      List<float[]> tenth = drawn(shape, weights(0.1));
      for (int i = 0; i < whole.size(); i += 2) {
        double[] expected = doubles(whole.get(i));
        for (int j = 0; j < expected.length; j++) {
          assertEquals(0.1 * expected[j], tenth.get(i)[j], 1e-7 * Math.abs(expected[j]));
        }
        assertArrayEquals(whole.get(i + 1), tenth.get(i + 1), "biases");
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
