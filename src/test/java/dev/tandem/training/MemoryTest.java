package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.data.Examples;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is reckoned of memory, against what is taken. */
class MemoryTest {
  private static final long MB = 1 << 20;

  @ParameterizedTest
  @EnumSource
  void training_takesWhatIsReckoned(Normalization normalization) {
    Compute compute = Compute.start();
    Variant variant = Variant.of(normalization);
    TrainingPlan plan =
        new SettingsBuilder()
            .data(600, 300)
            .epochs(1)
            .batchSize(500)
            .learningRate(0.001)
            .hiddenLayers(List.of(700, 700, 300))
            .seed(1)
            .variants(List.of(variant))
            .plan();
    Examples training = Fixtures.images(600);
    Examples test = Fixtures.images(300);
    Memory reckoned = Memory.needs(plan, false).own();
    int[] order = new BatchOrder(1, 600).next();
    long heap = allocated();
    Trainee trainee = compute.trainee(plan, training, test, DatasetInfo.DIGITS.size());
    trainee.step(order, 0, 500);
    trainee.evaluation().score();
    byte[] checkpoint = Checkpoint.of(trainee, 1, 1, 0, 0);
    byte[] network = TrainedNetwork.state(trainee);
    double heapRatio = (double) (allocated() - heap) / reckoned.heap();
    assertTrue(checkpoint.length > network.length);
    long outside = Pointer.totalBytes();
    trainee.close();
    double outsideRatio = (double) (outside - Pointer.totalBytes()) / reckoned.outside();
    // Drawing the weights leaves some garbage; that of other tests may go in between.
    assertTrue(outsideRatio > 0.95 && outsideRatio < 1.5, () -> "outside: " + outsideRatio);
    assertTrue(heapRatio > 0.7 && heapRatio < 1.3, () -> "heap: " + heapRatio);
  }

  @Test
  void room_isWhatServerAndJvmLeave() {
    assertEquals(
        new Memory(1536 * MB, 1844 * MB - MB), round(Memory.of(2048 * MB, 2048 * MB, 8192 * MB)));
    // A container for which the heap leaves little.
    assertEquals(new Memory(768 * MB, 256 * MB), Memory.of(1024 * MB, 1024 * MB, 1536 * MB));
    assertEquals(new Memory(160 * MB, 16 * MB), Memory.of(256 * MB, 256 * MB, 300 * MB));
  }

  private static Memory round(Memory of) {
    return new Memory(of.heap(), of.outside() / MB * MB);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
