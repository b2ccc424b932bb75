package dev.tandem.dl4j;

import java.io.File;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What computes on the CPU: OpenBLAS and ND4J, unpacked by JavaCPP into a cache of its own. */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String REMEDY =
      "Name another folder: java -Dorg.bytedeco.javacpp.cachedir=FOLDER …";

  /** All of them together take some 400 MB. */
  private static final long ENOUGH_BYTES = 100 << 20;

  private NativeLibraries() {}

  /**
   * Loads them, before ND4J does so from within static initializers, which tell no cause. Blocks.
   *
   * @throws BackendUnavailableException with cause and remedy, if they can't be loaded
   */
  static void load() {
    try {
      Loader.load(openblas.class);
      Loader.load(Nd4jCpu.class);
    } catch (LinkageError e) {
      LOG.debug("no native libraries", e);
      throw BackendUnavailableException.atAll(explain(e));
    }
  }

  /** Of JavaCPP's and the system's messages, which have no types of their own. */
  private static String explain(Throwable failure) {
    StringBuilder messages = new StringBuilder();
    Throwable root = failure;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      messages.append(at.getMessage()).append('\n');
      root = at;
    }
    String all = messages.toString();
    if (all.contains("Could not find jni")) {
      return "there are no native libraries for this kind of machine (%s) in this build. Build Tandem on such a machine: Linux, macOS or Windows on x86-64, Linux or macOS on ARM64"
          .formatted(Loader.getPlatform());
    }
    if (all.contains("Could not create the cache")) {
      return "no folder for JavaCPP's cache can be written to. " + REMEDY;
    }
    String folder = folder();
    if (all.contains("failed to map segment")) {
      return "nothing may be executed from JavaCPP's cache, %s. %s".formatted(folder, REMEDY);
    }
    if (!folder.isEmpty() && new File(folder).getUsableSpace() < ENOUGH_BYTES) {
      return "the disk with JavaCPP's cache, %s, is full. %s".formatted(folder, REMEDY);
    }
    String cause = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return "the native libraries in JavaCPP's cache, %s, can't be loaded (%s). Delete that folder, or name another: java -Dorg.bytedeco.javacpp.cachedir=FOLDER …"
        .formatted(folder, cause.substring(cause.lastIndexOf('/') + 1));
  }

  private static String folder() {
    try {
      return Loader.getCacheDir().toString();
    } catch (IOException e) {
      return "";
    }
  }
}
