package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A network that takes on what another has saved goes on as that one does, bit for bit. */
class ResumeTest {
  private static final int INPUTS = 12;
  private static final int CLASSES = 4;
  private static final int ROWS = 6;
  private static final int STEPS = 8;

  private static final List<Integer> HIDDEN_LAYERS = List.of(9, 7);

  static Stream<Arguments> networks() {
    List<String> normalizations = new ArrayList<>(Registry.normalizations());
    normalizations.add("none");
    List<Arguments> all = new ArrayList<>();
    for (String normalization : normalizations) {
      for (String optimizer : Registry.optimizers()) {
        for (double dropout : new double[] {0, 0.3}) {
          all.add(Arguments.of(normalization, optimizer, dropout));
        }
      }
    }
    return all.stream();
  }

  private static Network network(
      String normalization, String optimizer, double dropout, boolean drawn) {
    MultilayerPerceptron perceptron =
        new MultilayerPerceptron(INPUTS, HIDDEN_LAYERS, CLASSES)
            .normalization(Registry.normalization(normalization))
            .dropout(dropout, 3);
    if (drawn) {
      perceptron.initialWeights(new InitialWeights(5, 1, INPUTS, HIDDEN_LAYERS, CLASSES));
    }
    return perceptron.network(Registry.optimizer(optimizer, 0.01, 0.9, 0.01), ROWS);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void steps_fromWhatWasSaved_areThoseThatFollowed(
      String normalization, String optimizer, double dropout) {
    try (Network first = network(normalization, optimizer, dropout, true);
        Network second = network(normalization, optimizer, dropout, false)) {
      losses(first, 0);
      second.restore(saved(first, true), true);
      assertArrayEquals(losses(first, STEPS), losses(second, STEPS));
      assertEquals(first.trainingLoss().score(), second.trainingLoss().score());
      assertEquals(saved(first, true), saved(second, true));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void answers_fromTheNetworkAlone_areTheSame(
      String normalization, String optimizer, double dropout) {
    try (Network first = network(normalization, optimizer, dropout, true);
        Network second = network(normalization, optimizer, dropout, false)) {
      losses(first, 0);
      second.restore(saved(first, false), false);
      float[][] x = examples(new Random(9));
      float[][] logits = first.forward(x, ROWS, Mode.EVALUATION, null);
      assertArrayEquals(logits, second.forward(x, ROWS, Mode.EVALUATION, null));
    }
  }

  private static ByteBuffer saved(Network network, boolean withOptimizer) {
    ByteBuffer saved = ByteBuffer.allocate(network.savedBytes(withOptimizer));
    network.save(saved, withOptimizer);
    assertEquals(0, saved.remaining());
    return saved.flip();
  }

  /** Of so many steps on batches that depend on the step alone, the last one smaller. */
  private static double[] losses(Network network, int from) {
    double[] losses = new double[STEPS];
    for (int s = 0; s < STEPS; s++) {
      Random random = new Random(from + s);
      float[][] x = examples(random);
      byte[] labels = new byte[ROWS];
      for (int r = 0; r < ROWS; r++) {
        labels[r] = (byte) random.nextInt(CLASSES);
      }
      losses[s] = network.step(x, labels, s == STEPS - 1 ? ROWS - 2 : ROWS, null, null);
    }
    return losses;
  }

  private static float[][] examples(Random random) {
    float[][] examples = new float[ROWS][INPUTS];
    for (float[] example : examples) {
      for (int i = 0; i < INPUTS; i++) {
        example[i] = 2 * random.nextFloat() - 1;
      }
    }
    return examples;
  }
}
