package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.TestServer;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a training allocates, counted: allocation is what made {@code fit} slow. */
@Isolated("it counts the native memory of all threads")
class StepAllocationTest {
  private static final int STEPS = 1000;

  /** Bytes on the heap per step; what there is comes of the first calls of a method. */
  private static final long HEAP_BYTES = 16;

  /** Bytes on the heap per step that is looked into, of two hidden layers. */
  private static final long WATCHED_BYTES = 1000;

  private static final int TRAININGS = 20;

  /** Bytes outside the heap that a training may leave for the garbage collector. */
  private static final long NATIVE_BYTES = 1024;

  @ParameterizedTest
  @EnumSource
  void steps_allocateNothing(Normalization normalization) {
    try (Trainee trainee = trainee(normalization, List.of(16, 8))) {
      train(trainee, STEPS);
      long pointers = Pointer.totalCount();
      long nativeBytes = Pointer.totalBytes();
      long before = heapBytes();
      train(trainee, STEPS);
      long heapBytes = heapBytes() - before;
      assertTrue(
          heapBytes <= HEAP_BYTES * STEPS,
          () -> "%,d bytes on the heap in %,d steps".formatted(heapBytes, STEPS));
      // Less is fine: garbage of earlier tests may go.
      assertTrue(Pointer.totalCount() <= pointers, "pieces of native memory");
      assertTrue(Pointer.totalBytes() <= nativeBytes, "bytes of native memory");
    }
  }

  @ParameterizedTest
  @EnumSource
  void watchedSteps_allocateWhatTheyTell(Normalization normalization) {
    try (Trainee trainee = trainee(normalization, List.of(16, 8))) {
      watch(trainee, STEPS);
      long before = heapBytes();
      watch(trainee, STEPS);
      long heapBytes = heapBytes() - before;
      assertTrue(
          heapBytes <= WATCHED_BYTES * STEPS,
          () -> "%,d bytes on the heap in %,d watched steps".formatted(heapBytes, STEPS));
    }
  }

  private static void watch(Trainee trainee, int steps) {
    int[] order = new BatchOrder(1, 100).next();
    for (int i = 0; i < steps; i++) {
      trainee.watchedStep(order, 0, 30);
      trainee.learner().lens().orElseThrow().samples();
    }
  }

  @ParameterizedTest
  @EnumSource
  void trainings_freeTheirNativeMemory(Normalization normalization) {
    long before = Pointer.totalBytes();
    for (int i = 0; i < TRAININGS; i++) {
      try (Trainee trainee = trainee(normalization, List.of(500, 200))) {
        train(trainee, 1);
      }
    }
    TestServer.until(
        () -> {
          System.gc();
          return Pointer.totalBytes() - before <= NATIVE_BYTES * TRAININGS;
        });
  }

  private static Trainee trainee(Normalization normalization, List<Integer> hiddenLayers) {
    Variant variant = Variant.of(normalization);
    TrainingPlan plan =
        Fixtures.withLens(
            new SettingsBuilder()
                .data(100, 40)
                .epochs(1)
                .batchSize(30)
                .learningRate(0.001)
                .hiddenLayers(hiddenLayers)
                .seed(3)
                .variants(List.of(variant))
                .plan());
    return Compute.start().trainee(plan, Fixtures.random(100, 1), Fixtures.random(40, 2), 5);
  }

  private static void train(Trainee trainee, int steps) {
    int[] order = new BatchOrder(1, 100).next();
    for (int i = 0; i < steps; i++) {
      int from = i % 4 * 30;
      trainee.step(order, from, Math.min(30, 100 - from));
    }
  }

  private static long heapBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
