package dev.tandem.dl4j;

import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for a GPU. */
interface GpuProbe {

  /**
   * The first GPU that the driver shows.
   *
   * @throws NoGpu with the reason, if there is none to be used
   */
  Gpu find() throws NoGpu;

  /** There is no GPU; the message says why. */
  final class NoGpu extends Exception {
    private static final long serialVersionUID = 1;

    NoGpu(String reason) {
      super(reason);
    }
  }

  /** Asks NVIDIA's driver, before ND4J does: no kernel is run, nothing is set up. */
  final class Driver implements GpuProbe {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
    private static final int SUCCESS = 0;
    private static final int NO_DEVICE = 100;
    private static final int NAME_LENGTH = 256;

    /** CUDA 11.0: newer minor versions run on it, older ones don't. */
    private static final int OLDEST_DRIVER = 11_000;

    @Override
    public Gpu find() throws NoGpu {
      try {
        return ask();
      } catch (LinkageError e) {
        LOG.debug("no driver", e);
        throw new NoGpu("no NVIDIA driver was found");
      }
    }

    private static Gpu ask() throws NoGpu {
      int initialized = cudart.cuInit(0);
      if (initialized == NO_DEVICE) {
        throw new NoGpu("the NVIDIA driver shows no GPU");
      }
      check(initialized);
      int[] version = new int[1];
      check(cudart.cuDriverGetVersion(version));
      if (version[0] < OLDEST_DRIVER) {
        throw new NoGpu(
            "the NVIDIA driver is for CUDA %d.%d, and 11.0 or newer is needed"
                .formatted(version[0] / 1000, version[0] % 1000 / 10));
      }
      int[] count = new int[1];
      check(cudart.cuDeviceGetCount(count));
      if (count[0] == 0) {
        throw new NoGpu("the NVIDIA driver shows no GPU");
      }
      int[] device = new int[1];
      check(cudart.cuDeviceGet(device, 0));
      byte[] name = new byte[NAME_LENGTH];
      check(cudart.cuDeviceGetName(name, name.length, device[0]));
      try (SizeTPointer memory = new SizeTPointer(1)) {
        check(cudart.cuDeviceTotalMem(memory, device[0]));
        return new Gpu(
            text(name),
            attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device[0]),
            attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device[0]),
            memory.get());
      }
    }

    private static int attribute(int which, int device) throws NoGpu {
      int[] value = new int[1];
      check(cudart.cuDeviceGetAttribute(value, which, device));
      return value[0];
    }

    private static String text(byte[] zeroTerminated) {
      int length = 0;
      while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
        length++;
      }
      return new String(zeroTerminated, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void check(int status) throws NoGpu {
      if (status != SUCCESS) {
        throw new NoGpu("the NVIDIA driver answers with error " + status);
      }
    }
  }
}
