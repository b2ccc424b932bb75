package dev.tandem.training;

import dev.tandem.nn.OffHeap;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What ND4J and the networks hold outside the Java heap: measured, and given back. */
public final class NativeMemory {
  private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);

  private NativeMemory() {}

  /**
   * To be called once the backend is there: JavaCPP reads its settings when it is first touched.
   */
  public static void bindTo(MeterRegistry registry) {
    Gauge.builder("javacpp.memory.used", OffHeap::used)
        .description("Memory outside the Java heap that networks and datasets hold.")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("javacpp.memory.max", OffHeap::most)
        .description("As much as they may hold: by default as much as the heap's maximum.")
        .baseUnit("bytes")
        .register(registry);
  }

  /**
   * Has the C library give back what was freed: it keeps that for each thread, and the process
   * would grow for as long as the JIT finds something to compile. Does nothing on a JVM that can't.
   * Blocks.
   */
  static Void trim() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[0],
              new String[0]);
    } catch (JMException e) {
      LOG.debug("this JVM does not trim the native heap", e);
    }
    return null;
  }
}
