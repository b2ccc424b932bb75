package dev.tandem.dl4j;

import dev.tandem.nn.OffHeap;
import dev.tandem.run.BusMessage;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ND4J, set up so that each training uses one native thread. Thread-safe. */
public final class ComputeBackend {
  private static final Logger LOG = LoggerFactory.getLogger(ComputeBackend.class);

  private final boolean onCpu;
  private final String reason;

  private ComputeBackend(boolean onCpu, String reason) {
    this.onCpu = onCpu;
    this.reason = reason;
  }

  /**
   * Loads ND4J's native libraries: half a second, and a few the first time ever on a machine,
   * because they are unpacked into a cache. Blocks.
   *
   * @throws BackendUnavailableException if CUDA is asked for and can't be had, or nothing can
   */
  public static ComputeBackend start(BackendChoice choice) {
    OffHeap.prepare();
    boolean installed = WithoutCuda.isCudaInstalled();
    BackendDecision decision = BackendDecision.make(choice, installed, new GpuProbe.Driver());
    if (installed && !decision.cuda()) {
      ND4JClassLoading.setNd4jClassloader(new WithoutCuda(ComputeBackend.class.getClassLoader()));
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
    return new ComputeBackend(onCpu, reason);
  }

  /** What the world may know of it. */
  public BusMessage.Backend describe() {
    return new BusMessage.Backend(onCpu ? "cpu" : "cuda", reason, true);
  }

  /** Whether the processor computes, whose memory BLAS reaches. */
  public boolean isOnCpu() {
    return onCpu;
  }
}
