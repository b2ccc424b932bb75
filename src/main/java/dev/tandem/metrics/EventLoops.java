package dev.tandem.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time by event loop. A loop's time never goes back, even when its thread is gone and a
 * new one has its name. Thread-safe.
 */
final class EventLoops {
  private static final String NAME = "vert.x-eventloop-thread-";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<Long, Long> lastNanos = new HashMap<>();
  private final Map<String, Long> nanos = new TreeMap<>();

  synchronized void read(CounterWithCallback.Callback counter) {
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(NAME)) {
        long now = threads.getThreadCpuTime(thread.getThreadId());
        Long before = lastNanos.put(thread.getThreadId(), now);
        String loop = thread.getThreadName().substring(NAME.length());
        nanos.merge(loop, Math.max(0, now - (before == null ? 0 : before)), Long::sum);
      }
    }
    nanos.forEach((loop, total) -> counter.call(total / 1e9, loop));
  }
}
