package dev.tandem.dl4j;

import java.util.List;

/**
 * An NVIDIA GPU.
 *
 * @param major of its compute capability
 * @param minor of its compute capability
 * @param memory in bytes
 */
record Gpu(String name, int major, int minor, long memory) {

  /**
   * What ND4J's CUDA library has machine code for; it has none that the driver could translate for
   * others. Code for x.y runs on x.z where z is not less than y.
   */
  private static final List<int[]> MACHINE_CODE =
      List.of(
          new int[] {3, 7}, new int[] {5, 0}, new int[] {6, 0}, new int[] {7, 0}, new int[] {8, 0});

  static final String SUPPORTED = "3.7 and 5.0 to 8.9";

  /** Whether ND4J's CUDA library can run on it. */
  boolean isSupported() {
    return MACHINE_CODE.stream().anyMatch(code -> code[0] == major && code[1] <= minor);
  }

  String capability() {
    return major + "." + minor;
  }

  String gibibytes() {
    return "%d GiB".formatted(Math.round(memory / (double) (1L << 30)));
  }
}
