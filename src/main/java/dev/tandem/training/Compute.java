package dev.tandem.training;

import dev.tandem.run.BusMessage;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import org.bytedeco.openblas.global.openblas;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;

/** ND4J, set up so that each training uses one native thread. Thread-safe. */
final class Compute {
  private final Nd4jBackend backend;
  private final boolean onCpu;

  private Compute(Nd4jBackend backend) {
    this.backend = backend;
    this.onCpu = backend.getClass().getSimpleName().equals("CpuBackend");
  }

  /**
   * Loads ND4J's native libraries: half a second, and a few the first time ever on a machine,
   * because they are unpacked into a cache. Blocks.
   */
  static Compute start() {
    // Otherwise JavaCPP reads /proc at every allocation.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    Nd4jBackend backend = Nd4j.getBackend();
    // After ND4J's own start, which sets both to the number of cores: products this small are
    // slower when they are split, and trainings side by side would fight for the cores.
    Nd4j.getEnvironment().setMaxThreads(1);
    openblas.blas_set_num_threads(1);
    return new Compute(backend);
  }

  /** What the world may know of it. */
  BusMessage.Backend describe() {
    return onCpu
        ? new BusMessage.Backend("cpu", "no CUDA backend is installed", true)
        : new BusMessage.Backend("cuda", backend.getClass().getSimpleName(), true);
  }

  /** A variant's network, ready to be trained. */
  Trainee trainee(
      RunSettings settings, Variant variant, Examples training, Examples test, int classes) {
    MultiLayerNetwork model = Networks.create(settings, variant, training.inputs(), classes);
    return onCpu
        ? new FastTrainee(model, settings, variant, training, test, classes)
        : new FitTrainee(model, training, test, classes);
  }
}
