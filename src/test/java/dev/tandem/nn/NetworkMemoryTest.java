package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a network takes of the memory when it is made, and that its steps take nothing. */
@Isolated("it counts the native memory of all threads")
class NetworkMemoryTest {
  private static final int STEPS = 500;
  private static final int ROWS = 12;

  /** Bytes on the heap per step; what there is comes of the first calls of a method. */
  private static final long HEAP_BYTES = 16;

  /** Each layer, activation and optimizer once, the layers with dropout too. */
  static Stream<Arguments> networks() {
    List<Arguments> networks = new ArrayList<>();
    networks.add(Arguments.of("none", "relu", 0, "adam"));
    for (String normalization : Registry.normalizations()) {
      networks.add(Arguments.of(normalization, "relu", 0, "adam"));
      networks.add(Arguments.of(normalization, "relu", 0.5, "sgd"));
    }
    for (String activation : Registry.activations()) {
      networks.add(Arguments.of("none", activation, 0.5, "adam"));
    }
    for (String optimizer : Registry.optimizers()) {
      networks.add(Arguments.of("none", "relu", 0, optimizer));
    }
    return networks.stream();
  }

  private static MultilayerPerceptron perceptron(
      String normalization, String activation, double dropout, int units) {
    List<Integer> hiddenLayers = List.of(units, units / 2);
    return new MultilayerPerceptron(20, hiddenLayers, 5)
        .normalization(Registry.normalization(normalization))
        .activation(Registry.activation(activation))
        .dropout(dropout, 1)
        .initialWeights(new InitialWeights(1, 1, 20, hiddenLayers, 5));
  }

  private static Optimizer optimizer(String name) {
    return Registry.optimizer(name, 0.001, 0.9, 0.01);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void steps_allocateNothing(
      String normalization, String activation, double dropout, String optimizer) {
    try (Network network =
        perceptron(normalization, activation, dropout, 16).network(optimizer(optimizer), ROWS)) {
      float[][] x = new float[ROWS][20];
      Random random = new Random(1);
      for (float[] row : x) {
        for (int i = 0; i < row.length; i++) {
          row[i] = random.nextFloat() - 0.5f;
        }
      }
      steps(network, x);
      long pointers = Pointer.totalCount();
      long nativeBytes = Pointer.totalBytes();
      long before = heapBytes();
      steps(network, x);
      long heapBytes = heapBytes() - before;
      assertTrue(
          heapBytes <= HEAP_BYTES * STEPS,
          () -> "%,d bytes on the heap in %,d steps".formatted(heapBytes, STEPS));
      // Less is fine: garbage of earlier tests may go.
      assertTrue(Pointer.totalCount() <= pointers, "pieces of native memory");
      assertTrue(Pointer.totalBytes() <= nativeBytes, "bytes of native memory");
    }
  }

  private static void steps(Network network, float[][] x) {
    byte[] labels = new byte[ROWS];
    for (int s = 0; s < STEPS; s++) {
      network.step(x, labels, s % 2 == 0 ? ROWS : ROWS / 2, null, null);
      network.forward(x, ROWS, Mode.EVALUATION, null);
    }
  }

  /** Of a size beside which what does not grow with it is small. */
  @ParameterizedTest
  @MethodSource("networks")
  void needs_areWhatANetworkTakes(
      String normalization, String activation, double dropout, String optimizer) {
    MultilayerPerceptron perceptron =
        perceptron(normalization, activation, dropout, 100).initialWeights(null);
    checkNeeds(perceptron, () -> optimizer(optimizer));
  }

  private static void checkNeeds(MultilayerPerceptron perceptron, Supplier<Optimizer> optimizers) {
    int rows = 1000;
    // What is loaded when it is made for the first time is no part of it.
    perceptron.network(optimizers.get(), 1).close();
    MemoryNeeds needs = perceptron.needs(optimizers.get(), rows);
    long outsideBefore = Pointer.totalBytes();
    long heapBefore = heapBytes();
    Network network = perceptron.network(optimizers.get(), rows);
    long heap = heapBytes() - heapBefore;
    long outside = Pointer.totalBytes() - outsideBefore;
    network.close();
    assertEquals(needs.heap(), heap, 0.05 * heap, "on the heap");
    assertEquals(needs.outside(), outside, 0.05 * outside, "outside it");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void needs_ofANetworkThatLearnsNoMore_areWhatItTakes(
      String normalization, String activation, double dropout, String optimizer) {
    MultilayerPerceptron perceptron =
        perceptron(normalization, activation, dropout, 100).initialWeights(null);
    checkNeeds(perceptron, () -> null);
  }

  private static long heapBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
