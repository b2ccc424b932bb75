package dev.tandem.training;

import dev.tandem.nn.MemoryNeeds;
import dev.tandem.nn.OffHeap;
import dev.tandem.run.DataSettings;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.TrainingPlan;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Bytes of memory: what a training takes, or what there is for all that train at the same time.
 *
 * @param heap on the Java heap
 * @param outside where BLAS can reach them
 */
record Memory(long heap, long outside) {
  static final Memory NONE = new Memory(0, 0);

  /** For the server itself: at least so much of the heap, or a quarter of it. */
  private static final long SERVER_HEAP = 96L << 20;

  /** What the JVM and native libraries hold beside the heap and networks. */
  private static final long SERVER_OUTSIDE = 256L << 20;

  /** However little there is, a small network is tried. */
  private static final long LEAST = 16L << 20;

  private static final int ARRAY_HEAD = 16;
  private static final int REFERENCE = 4;

  /**
   * What there is for trainings here: of the heap, of what JavaCPP gives out, and of the memory
   * that this machine or container has. Loads JavaCPP. Blocks.
   */
  static Memory here() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return of(heap, OffHeap.most(), machine);
  }

  /**
   * @param heap the heap's maximum
   * @param pointers as much as JavaCPP gives out
   * @param machine all memory of the machine or container
   */
  static Memory of(long heap, long pointers, long machine) {
    long outside = Math.min(pointers - pointers / 10, machine - heap - SERVER_OUTSIDE);
    return new Memory(
        Math.max(LEAST, heap - Math.max(SERVER_HEAP, heap / 4)), Math.max(LEAST, outside));
  }

  /** What a variant's training takes by itself, if so many examples go through it at once. */
  static Memory withRows(TrainingPlan plan, int rows) {
    Shape shape = Shape.of(plan);
    MemoryNeeds network = Learners.needs(plan, rows);
    // A checkpoint on its way to the disk has all but the rows; then there is the network to keep.
    long states = Learners.needs(plan, 0).heap() + (long) Float.BYTES * shape.parameters();
    long perExample = Integer.BYTES + 1;
    long examples = perExample * (plan.data().trainingExamples() + plan.data().testExamples());
    return new Memory(network.heap() + states + examples, network.outside());
  }

  /** What a variant's training needs, with its examples. */
  static Admission.Needs needs(TrainingPlan plan, boolean alone) {
    int rows = Evaluation.maxRows(plan, plan.data().trainingExamples(), plan.data().testExamples());
    return new Admission.Needs(
        withRows(plan, rows),
        ofExamples(plan.data()),
        List.of(plan.data().dataset(), plan.data().trainingExamples(), plan.data().testExamples()),
        alone);
  }

  /** What the examples take that trainings share: features as floats, and the pixels. */
  private static Memory ofExamples(DataSettings data) {
    long examples = (long) data.trainingExamples() + data.testExamples();
    long image = DatasetInfo.PIXELS * (Float.BYTES + 1L) + ARRAY_HEAD + REFERENCE + 2;
    return new Memory(examples * image, 0);
  }

  Memory plus(Memory other) {
    return new Memory(heap + other.heap, outside + other.outside);
  }

  boolean fitsIn(Memory room) {
    return heap <= room.heap && outside <= room.outside;
  }

  /** For people: 1.5 GB of the Java heap and 0.3 GB outside it. */
  @Override
  public String toString() {
    return size(heap) + " of the Java heap and " + size(outside) + " outside it";
  }

  private static String size(long bytes) {
    double megabytes = bytes / (1024.0 * 1024);
    return megabytes < 1000
        ? "%,d MB".formatted((long) Math.ceil(megabytes))
        : "%.1f GB".formatted(megabytes / 1024);
  }
}
