package dev.tandem.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.dl4j.GpuProbe.NoGpu;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4jBackend;

class BackendDecisionTest {
  private static final long GIB = 1L << 30;
  private static final GpuProbe AMPERE = () -> new Gpu("NVIDIA A10", 8, 6, 24 * GIB - 5_000_000);
  private static final GpuProbe HOPPER = () -> new Gpu("NVIDIA H100 80GB HBM3", 9, 0, 80 * GIB);
  private static final GpuProbe NO_DRIVER =
      () -> {
        throw new NoGpu("no NVIDIA driver was found");
      };
  private static final GpuProbe NOT_TO_BE_ASKED =
      () -> {
        throw new AssertionError("asked");
      };

  @Test
  void make_withAGpuThatCan_takesItWithNameAndMemory() {
    assertEquals(
        new BackendDecision(true, "NVIDIA A10, 24 GiB"),
        BackendDecision.make(BackendChoice.AUTO, true, AMPERE));
    assertTrue(BackendDecision.make(BackendChoice.CUDA, true, AMPERE).cuda());
  }

  @Test
  void make_withAGpuThatIsTooNew_takesTheCpuAndNamesTheGpu() {
    assertEquals(
        new BackendDecision(
            false,
            "NVIDIA H100 80GB HBM3 has compute capability 9.0, and the CUDA backend runs on 3.7"
                + " and 5.0 to 8.9 alone"),
        BackendDecision.make(BackendChoice.AUTO, true, HOPPER));
  }

  @Test
  void make_withoutDriver_takesTheCpu() {
    assertEquals(
        new BackendDecision(false, "no NVIDIA driver was found"),
        BackendDecision.make(BackendChoice.AUTO, true, NO_DRIVER));
  }

  @Test
  void make_withoutTheCudaBackend_doesNotLookForAGpu() {
    assertEquals(
        new BackendDecision(false, "no CUDA backend is installed"),
        BackendDecision.make(BackendChoice.AUTO, false, NOT_TO_BE_ASKED));
  }

  @Test
  void make_whenTheCpuIsAskedFor_doesNotLookForAGpu() {
    assertEquals(
        new BackendDecision(false, "asked for"),
        BackendDecision.make(BackendChoice.CPU, true, NOT_TO_BE_ASKED));
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void make_whenCudaIsAskedForAndCannotBe_refuses(boolean installed) {
    var refusal =
        assertThrows(
            BackendUnavailableException.class,
            () -> BackendDecision.make(BackendChoice.CUDA, installed, NO_DRIVER));

    assertEquals(
        "can't compute with CUDA: "
            + (installed ? "no NVIDIA driver was found" : "no CUDA backend is installed"),
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "3,5,false", "3,7,true", "5,0,true", "5,2,true", "5,3,true", "6,0,true", "6,1,true",
    "7,0,true", "7,5,true", "8,0,true", "8,6,true", "8,9,true", "9,0,false", "10,0,false",
    "12,0,false"
  })
  void gpu_ofEachGeneration_isSupportedWhereThereIsMachineCode(int major, int minor, boolean is) {
    assertEquals(is, new Gpu("any", major, minor, GIB).isSupported());
  }

  @Test
  void driver_onAMachineWithoutOne_saysSo() {
    // Here the CUDA classes are there to compile, and nothing to run them.
    if (!WithoutCuda.isCudaInstalled()) {
      NoGpu none = assertThrows(NoGpu.class, () -> new GpuProbe.Driver().find());
      assertEquals("no NVIDIA driver was found", none.getMessage());
    }
  }

  @Test
  void withoutCuda_hasTheCpuBackendAlone() throws Exception {
    var backends =
        Collections.list(
            new WithoutCuda(getClass().getClassLoader())
                .getResources("META-INF/services/" + Nd4jBackend.class.getName()));

    assertEquals(1, backends.size());
    assertTrue(backends.get(0).getPath().contains("nd4j-native"), backends::toString);
  }
}
