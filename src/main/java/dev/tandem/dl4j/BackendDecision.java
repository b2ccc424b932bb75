package dev.tandem.dl4j;

import dev.tandem.dl4j.GpuProbe.NoGpu;

/**
 * What computes, and why: settled before ND4J is touched, because ND4J would take any GPU that the
 * driver shows, and fail at its first kernel on one that its library has no machine code for.
 *
 * @param reason a phrase for people
 */
record BackendDecision(boolean cuda, String reason) {

  /**
   * Decides.
   *
   * @param installed whether ND4J's CUDA backend is on the class path
   * @throws BackendUnavailableException if CUDA was asked for and can't be had
   */
  static BackendDecision make(BackendChoice choice, boolean installed, GpuProbe probe) {
    if (choice == BackendChoice.CPU) {
      return new BackendDecision(false, "asked for");
    }
    BackendDecision best = best(installed, probe);
    if (choice == BackendChoice.CUDA && !best.cuda) {
      throw new BackendUnavailableException(best.reason);
    }
    return best;
  }

  private static BackendDecision best(boolean installed, GpuProbe probe) {
    if (!installed) {
      return new BackendDecision(false, "no CUDA backend is installed");
    }
    try {
      Gpu gpu = probe.find();
      if (gpu.isSupported()) {
        return new BackendDecision(true, "%s, %s".formatted(gpu.name(), gpu.gibibytes()));
      }
      return new BackendDecision(
          false,
          "%s has compute capability %s, and the CUDA backend runs on %s alone"
              .formatted(gpu.name(), gpu.capability(), Gpu.SUPPORTED));
    } catch (NoGpu e) {
      return new BackendDecision(false, e.getMessage());
    }
  }
}
