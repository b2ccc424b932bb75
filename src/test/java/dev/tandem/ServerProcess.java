package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as a process of its own: one that can be killed, whose memory is bounded, and whose
 * processor time is not its clients'.
 */
public final class ServerProcess implements AutoCloseable {
  /** Java's flags for one that is tested, not measured: it is up with half the processor time. */
  public static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final String url;

  private ServerProcess(Process process, Path log, String url) {
    this.process = process;
    this.log = log;
    this.url = url;
  }

  /** Starts one as its users do, on a free port, and waits until it serves. */
  public static ServerProcess start(Path dataDir, String... flags) {
    return start(dataDir, List.of(), Map.of(), flags);
  }

  /**
   * @param jvm flags of Java itself
   */
  public static ServerProcess start(
      Path dataDir, List<String> jvm, Map<String, String> environment, String... flags) {
    try {
      Path log = Files.createTempFile("tandem", ".log");
      Process process = launch(dataDir, log, jvm, environment, flags);
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null || !line.startsWith("Tandem is at ")) {
        process.destroyForcibly();
        throw new AssertionError(line + "\n" + Files.readString(log));
      }
      return new ServerProcess(process, log, line.substring(line.indexOf("http")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What one that can't start says, beside what it logs; it is to end with status 1. */
  public static List<String> refusal(Path dataDir, String... flags) {
    return refusal(dataDir, List.of(), flags);
  }

  /**
   * @param jvm flags of Java itself
   */
  public static List<String> refusal(Path dataDir, List<String> jvm, String... flags) {
    try {
      Path log = Files.createTempFile("tandem", ".log");
      List<String> all = new ArrayList<>(QUICK_START);
      all.addAll(jvm);
      Process process = launch(dataDir, log, all, Map.of(), flags);
      if (!process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it has started");
      }
      assertEquals(1, process.exitValue());
      List<String> said = new ArrayList<>(Files.readAllLines(log));
      said.removeIf(line -> line.matches("\\d\\d:\\d\\d:.*"));
      Files.delete(log);
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Process launch(
      Path dataDir, Path log, List<String> jvm, Map<String, String> environment, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath(), "dev.tandem.Tandem"));
    command.addAll(List.of("--port", "0", "--data-dir", dataDir.toString()));
    command.addAll(List.of(flags));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Without the tests' own: it logs as it does for those who use it. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> !path.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  public String url() {
    return url;
  }

  public int port() {
    return URI.create(url).getPort();
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).build());
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(request + "\n" + log(), e);
    }
  }

  /** Starts a run; its name. */
  public String startRun(String json) {
    HttpResponse<String> answer = post("/api/runs", json);
    assertEquals(201, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getString("id");
  }

  public JsonObject run(String id) {
    return new JsonObject(get("/api/runs/" + id).body());
  }

  /** The run once it has ended, however long that takes. */
  public JsonObject awaitEnd(String id) {
    JsonObject run = run(id);
    while (List.of("queued", "running").contains(run.getString("status"))) {
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
      run = run(id);
    }
    return run;
  }

  /** A metric's value, the sum of its series that have these labels. */
  public double metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Bytes on the Java heap that are in use after a collection. */
  public double liveHeap() {
    try {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      Process collect =
          new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertEquals(0, collect.waitFor());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Bytes of memory that the process holds. */
  public double residentBytes() {
    try {
      Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time that it has used. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** What it has written to standard error so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as a power cut would. */
  public void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks it to end; whether it has, and in good order: not by giving up on what still went on. */
  public boolean stop() {
    return end() && !log().contains("did not close in good order");
  }

  /** Asks it to end; whether it has, in whatever way. */
  public boolean end() {
    try {
      // Not Process.destroy, which would close its streams.
      process.toHandle().destroy();
      return process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
