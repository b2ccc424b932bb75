package dev.tandem.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process uses: the JVM, processors, memory in and outside the heap, event loops. */
public final class ProcessMetrics implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final JvmGcMetrics gc = new JvmGcMetrics();

  private ProcessMetrics() {}

  /** Has it all measured until it is closed. To be called before anything else is registered. */
  public static ProcessMetrics bindTo(PrometheusMeterRegistry registry) {
    registry.config().meterFilter(new PlainNames());
    ProcessMetrics metrics = new ProcessMetrics();
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    metrics.gc.bindTo(registry);
    bindSystem(registry);
    CounterWithCallback.builder()
        .name("tandem_event_loop_busy_seconds_total")
        .help(
            "Processor time of each event loop: one that gains a second a second is at its limit.")
        .labelNames("loop")
        .callback(new EventLoops()::read)
        .register(registry.getPrometheusRegistry());
    return metrics;
  }

  private static void bindSystem(PrometheusMeterRegistry registry) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    FunctionCounter.builder("process.cpu", system, of -> of.getProcessCpuTime() / 1e9)
        .description("Processor time of this process, all threads.")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("system.memory.total", system, OperatingSystemMXBean::getTotalMemorySize)
        .description("Memory of the machine, or of the container that limits this process.")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    if (Files.isReadable(STATUS)) {
      Gauge.builder("process.resident.memory", STATUS, ProcessMetrics::residentBytes)
          .description("Memory of this process that is in RAM: heap, native memory and code.")
          .baseUnit("bytes")
          .strongReference(true)
          .register(registry);
    }
  }

  private static double residentBytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
        }
      }
      return Double.NaN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    gc.close();
  }

  /** Two of Micrometer's names break Prometheus's rules; {@code promtool} says so. */
  private static final class PlainNames implements MeterFilter {
    @Override
    public MeterFilterReply accept(Meter.Id id) {
      // In nanoseconds; process.cpu is the same in seconds.
      return id.getName().equals("process.cpu.time")
          ? MeterFilterReply.DENY
          : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
      return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
    }
  }
}
