package dev.tandem.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tandem.run.BusMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The build with ND4J's CUDA backend on a machine without NVIDIA's driver: {@code mvn -Pcuda test
 * -Dtest=CudaBuildTest}. A download of 2.4 GB, so not in the usual suite.
 */
@Tag("cuda")
class CudaBuildTest {

  @BeforeEach
  void thisIsTheCudaBuildWithoutDriver() {
    assertTrue(WithoutCuda.isCudaInstalled(), "the profile cuda brings the backend");
    assumeFalse(Files.exists(Path.of("/proc/driver/nvidia")), "there is a driver here");
  }

  @Test
  void start_withoutDriver_fallsBackToTheCpuAndSaysWhy() {
    assertEquals(
        new BusMessage.Backend("cpu", "no NVIDIA driver was found", true),
        ComputeBackend.start(BackendChoice.AUTO).describe());
  }

  @Test
  void driver_whichIsMissing_isWhatStoodInTheWay() {
    var error = assertThrows(LinkageError.class, () -> org.bytedeco.cuda.global.cudart.cuInit(0));
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    assertTrue(trace.toString().contains("libcuda.so.1"), trace::toString);
  }

  @Test
  void start_whenCudaIsAskedForWithoutDriver_refuses() {
    assertThrows(BackendUnavailableException.class, () -> ComputeBackend.start(BackendChoice.CUDA));
  }
}
