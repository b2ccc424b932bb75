package dev.tandem.dl4j;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.nd4j.linalg.factory.Nd4jBackend;

/** The class path as it would be without ND4J's CUDA backend, which ND4J would else try first. */
final class WithoutCuda extends ClassLoader {
  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final String BACKENDS = "META-INF/services/" + Nd4jBackend.class.getName();

  WithoutCuda(ClassLoader everything) {
    super(everything);
  }

  /** Whether there is something to hide. */
  static boolean isCudaInstalled() {
    try {
      Class.forName(CUDA_BACKEND, false, WithoutCuda.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    Enumeration<URL> all = super.getResources(name);
    if (!name.equals(BACKENDS)) {
      return all;
    }
    return Collections.enumeration(
        Collections.list(all).stream()
            .filter(url -> !url.getPath().contains("nd4j-cuda"))
            .toList());
  }
}
