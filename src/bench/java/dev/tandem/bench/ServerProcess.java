package dev.tandem.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code java -jar target/tandem.jar} in a process of its own, with an empty data folder. */
final class ServerProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "tandem.jar");
  private static final Path DATA = Path.of("target", "bench-data");

  private final Process process;

  /** Seconds from the command to the line that says where it is. */
  final double readySeconds;

  final Http http;

  ServerProcess(String... flags) throws IOException {
    delete(DATA);
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                JAR.toString(),
                "--port",
                "0",
                "--data-dir",
                DATA.toString()));
    command.addAll(List.of(flags));
    long started = System.nanoTime();
    process =
        new ProcessBuilder(command).redirectError(new File("target", "bench-server.log")).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.startsWith("Tandem is at ")) {
      line = out.readLine();
    }
    readySeconds = (System.nanoTime() - started) / 1e9;
    if (line == null) {
      close();
      throw new IOException("the server does not start; see target/bench-server.log");
    }
    http = new Http(line.replaceFirst(".* ", ""));
    Thread drain = new Thread(() -> out.lines().forEach(ignored -> {}), "server-output");
    drain.setDaemon(true);
    drain.start();
  }

  /** Resident size. */
  double megabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** Processor time that it has used so far. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
