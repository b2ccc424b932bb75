package dev.tandem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Processor time of this process's threads so far, from Linux: the JVM's own are among them. Empty
 * elsewhere.
 *
 * @param nanos by thread id
 * @param names by thread id; Linux keeps 15 letters
 */
record CpuTimes(Map<String, Long> nanos, Map<String, String> names) {
  private static final Path TASKS = Path.of("/proc/self/task");

  static CpuTimes now() throws IOException {
    CpuTimes times = new CpuTimes(new HashMap<>(), new HashMap<>());
    if (Files.exists(TASKS)) {
      try (Stream<Path> tasks = Files.list(TASKS)) {
        for (Path task : tasks.toList()) {
          times.read(task);
        }
      }
    }
    return times;
  }

  private void read(Path task) {
    try {
      String id = task.getFileName().toString();
      String nanoseconds = Files.readString(task.resolve("schedstat")).split(" ")[0];
      names.put(id, Files.readString(task.resolve("comm")).strip());
      nanos.put(id, Long.parseLong(nanoseconds));
    } catch (IOException e) {
      // The thread has ended.
    }
  }

  /** Seconds since then, of threads whose names begin so. */
  double secondsSince(CpuTimes before, List<String> prefixes) {
    long sum = 0;
    for (Map.Entry<String, Long> thread : nanos.entrySet()) {
      String name = names.get(thread.getKey());
      if (prefixes.stream().anyMatch(name::startsWith)) {
        sum += thread.getValue() - before.nanos.getOrDefault(thread.getKey(), 0L);
      }
    }
    return sum / 1e9;
  }
}
