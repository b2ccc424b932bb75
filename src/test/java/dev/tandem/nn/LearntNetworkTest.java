package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A network that has learnt, and is only asked from then on. */
class LearntNetworkTest {
  private static final int ROWS = 20;
  private static final int INPUTS = 9;
  private static final int CLASSES = 3;

  @Test
  void networkWithoutOptimizer_answersAsTheOneThatLearnt_andHasNoGradients() {
    float[][] x = new float[ROWS][INPUTS];
    byte[] labels = new byte[ROWS];
    Random random = new Random(1);
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < INPUTS; i++) {
        x[r][i] = (float) random.nextGaussian();
      }
      labels[r] = (byte) random.nextInt(CLASSES);
    }
    try (Network learns = network(new Adam(0.01, 0));
        Network learnt = network(null)) {
      for (int step = 0; step < 10; step++) {
        learns.step(x, labels, ROWS, null, null);
      }
      byte[] saved = saved(learns);
      learnt.restore(ByteBuffer.wrap(saved), false);
      assertArrayEquals(saved, saved(learnt));
      assertArrayEquals(
          learns.forward(x, ROWS, Mode.EVALUATION, null),
          learnt.forward(x, ROWS, Mode.EVALUATION, null));
      for (Layer layer : learnt.layers()) {
        if (layer instanceof Dense dense) {
          assertNull(dense.weights().gradients());
        }
      }
    }
  }

  private static byte[] saved(Network network) {
    ByteBuffer out = ByteBuffer.allocate(network.savedBytes(false));
    network.save(out, false);
    return out.array();
  }

  /** Of more parameters than a block. */
  private static Network network(Optimizer optimizer) {
    List<Integer> hidden = List.of(60, 30);
    return new MultilayerPerceptron(INPUTS, hidden, CLASSES)
        .normalization(BatchNorm::new)
        .initialWeights(new InitialWeights(7, 1, INPUTS, hidden, CLASSES))
        .network(optimizer, ROWS);
  }
}
