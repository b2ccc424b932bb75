package dev.tandem.training;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.bytedeco.javacpp.Pointer;

/** What ND4J and the networks hold outside the Java heap, measured. */
public final class NativeMemory {
  private NativeMemory() {}

  /**
   * To be called once the backend is there: JavaCPP reads its settings when it is first touched.
   */
  public static void bindTo(MeterRegistry registry) {
    Gauge.builder("javacpp.memory.used", Pointer::totalBytes)
        .description("Memory outside the Java heap that networks and datasets hold.")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("javacpp.memory.max", Pointer::maxBytes)
        .description("As much as they may hold: by default as much as the heap's maximum.")
        .baseUnit("bytes")
        .register(registry);
  }
}
