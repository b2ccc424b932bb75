package dev.tandem.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Does what the Dockerfile says, step by step, without a container: the image's folders are below a
 * temporary one, and it runs on this machine's Maven and Java, as this user.
 */
@Execution(ExecutionMode.CONCURRENT)
class DockerfileTest {
  /** The memory that the container is to have. */
  private static final long MEMORY = 2L << 30;

  private static final Pattern ABSOLUTE = Pattern.compile("(?<=^|[\\s\"=])/(?=build|data|opt)");

  @TempDir private Path image;

  private final Map<String, String> environment = new TreeMap<>();

  @Test
  void steps_doneInACleanFolder_giveAServerThatIsHealthyAndBounded() throws Exception {
    List<String> entrypoint = null;
    List<String> healthcheck = null;
    Path workdir = image;
    for (String step : steps()) {
      String[] parts = step.split("\\s+", 2);
      switch (parts[0]) {
        case "WORKDIR" -> workdir = Files.createDirectories(Path.of(inImage(parts[1])));
        case "COPY" -> copy(parts[1], workdir);
        case "RUN" -> run(parts[1], workdir);
        case "ARG", "ENV" -> {
          String[] pair = parts[1].split("=", 2);
          environment.put(pair[0], inImage(pair[1].replace("\"", "")));
        }
        case "ENTRYPOINT" -> entrypoint = list(inImage(parts[1]));
        case "HEALTHCHECK" ->
            healthcheck = list(parts[1].substring(parts[1].indexOf("CMD") + "CMD".length()));
        case "FROM", "USER", "VOLUME", "EXPOSE" -> {
          // Nothing to do outside a container.
        }
        default -> throw new AssertionError("unknown step: " + step);
      }
    }
    environment.put("TANDEM_PORT", "0");
    environment.put("TANDEM_TOKEN", "correct-horse-battery");
    environment.put("JAVA_TOOL_OPTIONS", "-XX:MaxRAM=" + MEMORY);
    serve(entrypoint, healthcheck);
  }

  private void serve(List<String> entrypoint, List<String> healthcheck) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(entrypoint);
    builder.environment().putAll(environment);
    Path output = image.resolve("output");
    Process server =
        builder
            .directory(image.toFile())
            .redirectOutput(output.toFile())
            .redirectError(image.resolve("log").toFile())
            .start();
    try {
      String line =
          Await.until(
              "the server says where it is",
              () -> Files.readString(output),
              text -> text.endsWith("\n") || !server.isAlive());
      Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)\n").matcher(line);
      assertTrue(url.find(), () -> line + read(image.resolve("log")));
      String port = url.group(1);

      List<String> check = healthcheck.stream().map(word -> word.replace("8080", port)).toList();
      assertEquals(0, Tool.run(image, "", check).status());
      List<String> elsewhere = healthcheck.stream().map(word -> word.replace("8080", "1")).toList();
      assertEquals(1, Tool.run(image, "", elsewhere).status());

      String metrics =
          Await.until(
              "ND4J has started",
              () -> get("http://127.0.0.1:" + port + "/metrics"),
              text -> text.contains("\njavacpp_memory_max_bytes "));
      assertEquals(0.4 * MEMORY, value(metrics, "jvm_gc_max_data_size_bytes"), 0.01 * MEMORY);
      assertEquals(0.4 * MEMORY, value(metrics, "javacpp_memory_max_bytes"), 0.01 * MEMORY);
      assertTrue(Files.exists(image.resolve("data/native")), "native libraries are in the volume");
    } finally {
      server.destroy();
      boolean ended = server.waitFor(TestServer.SECONDS, TimeUnit.SECONDS);
      server.destroyForcibly();
      assertTrue(ended, "ends on SIGTERM");
    }
  }

  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private void copy(String arguments, Path workdir) throws IOException, InterruptedException {
    List<String> paths = new ArrayList<>(List.of(arguments.split("\\s+")));
    boolean fromBuild = paths.remove("--from=build");
    Path from = fromBuild ? Path.of("/") : Repository.ROOT;
    Path source =
        Path.of(fromBuild ? inImage(paths.get(0)) : from.resolve(paths.get(0)).toString());
    Path target = workdir.resolve(inImage(paths.get(1)));
    if (!fromBuild) {
      assertTrue(isSent(paths.get(0)), paths.get(0) + " is left out by .dockerignore");
    }
    if (Files.isDirectory(source)) {
      Files.createDirectories(target.getParent());
    } else if (paths.get(1).endsWith("/")) {
      Files.createDirectories(target);
    }
    Tool.Result copied =
        Tool.run(workdir, "", List.of("cp", "-r", source.toString(), target.toString()));
    assertEquals(0, copied.status(), copied::output);
  }

  private static boolean isSent(String path) {
    return Repository.read(Repository.ROOT.resolve(".dockerignore"))
        .lines()
        .toList()
        .contains("!" + path);
  }

  private void run(String command, Path workdir) throws IOException, InterruptedException {
    String plain = inImage(command.replaceFirst("^--mount=\\S+\\s+", ""));
    List<String> shell = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> shell.add(name + "=" + value));
    shell.addAll(List.of("sh", "-c", plain));
    Tool.Result result = Tool.run(workdir, "", shell);
    assertEquals(0, result.status(), () -> plain + "\n" + result.output());
  }

  private String inImage(String text) {
    return ABSOLUTE.matcher(text).replaceAll(Matcher.quoteReplacement(image + "/"));
  }

  private static List<String> list(String json) throws IOException {
    return List.of(new ObjectMapper().readValue(json, String[].class));
  }

  private static List<String> steps() {
    try (Stream<String> lines =
        Repository.read(Repository.ROOT.resolve("Dockerfile")).replace("\\\n", " ").lines()) {
      return lines.filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static String read(Path file) {
    return Repository.read(file);
  }
}
