package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ND4J, set up so that each training uses one native thread. Thread-safe. */
final class Compute {
  private static final Logger LOG = LoggerFactory.getLogger(Compute.class);

  private final boolean onCpu;
  private final String reason;

  private Compute(boolean onCpu, String reason) {
    this.onCpu = onCpu;
    this.reason = reason;
  }

  /** What there is for trainings. Loads JavaCPP. Blocks. */
  static Memory memory() {
    setUpJavaCpp();
    return Memory.here();
  }

  private static void setUpJavaCpp() {
    // Otherwise it reads /proc at every allocation.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }

  /** ND4J on whatever is best here. */
  static Compute start() {
    return start(BackendChoice.AUTO);
  }

  /**
   * Loads ND4J's native libraries: half a second, and a few the first time ever on a machine,
   * because they are unpacked into a cache. Blocks.
   *
   * @throws BackendUnavailableException if CUDA is asked for and can't be had, or nothing can
   */
  static Compute start(BackendChoice choice) {
    setUpJavaCpp();
    boolean installed = WithoutCuda.isCudaInstalled();
    BackendDecision decision = BackendDecision.make(choice, installed, new GpuProbe.Driver());
    if (installed && !decision.cuda()) {
      ND4JClassLoading.setNd4jClassloader(new WithoutCuda(Compute.class.getClassLoader()));
    }
    if (!decision.cuda()) {
      NativeLibraries.load();
    }
    boolean onCpu = Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend");
    String reason = decision.reason();
    if (onCpu && decision.cuda()) {
      reason = "ND4J could not use " + decision.reason();
      if (choice == BackendChoice.CUDA) {
        throw new BackendUnavailableException(reason);
      }
    }
    // After ND4J's own start, which sets both to the number of cores: products this small are
    // slower when they are split, and trainings side by side would fight for the cores.
    Nd4j.getEnvironment().setMaxThreads(1);
    openblas.blas_set_num_threads(1);
    LOG.info("computes on {}: {}", onCpu ? "the CPU" : "a GPU", reason);
    return new Compute(onCpu, reason);
  }

  /** What the world may know of it. */
  BusMessage.Backend describe() {
    return new BusMessage.Backend(onCpu ? "cpu" : "cuda", reason, true);
  }

  private static int trainModeBatch(RunSettings settings, Variant variant) {
    boolean tested = settings.trainModeTest() && variant.normalization() == Normalization.BATCH;
    return tested ? settings.batchSize() : 0;
  }

  /** In which trainees here write what they have learnt. */
  Layout layout() {
    return onCpu ? Layout.STEP : Layout.FIT;
  }

  /** A variant's network, ready to be trained. */
  Trainee trainee(
      RunSettings settings, Variant variant, Examples training, Examples test, int classes) {
    if (onCpu) {
      return new FastTrainee(settings, variant, training, test, classes);
    }
    return new FitTrainee(
        Networks.create(settings, variant, training.inputs(), classes),
        Shape.of(settings, variant, training.inputs(), classes),
        training,
        test,
        trainModeBatch(settings, variant),
        settings.lens() ? new Lens(settings.hiddenLayers()) : null);
  }

  /** A network that has been trained, to be asked and tested. */
  Trainee trained(RunSettings settings, Variant variant, TrainedNetwork network, Examples test) {
    return onCpu
        ? FastTrainee.trained(settings, variant, network, test)
        : new FitTrainee(Networks.create(settings, variant, network), network.shape(), test, test);
  }
}
