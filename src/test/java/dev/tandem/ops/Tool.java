package dev.tandem.ops;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests run but Maven doesn't bring. */
final class Tool {
  private Tool() {}

  /**
   * Where a program is. Without it the test is skipped, saying so; in continuous integration
   * (CI=true) it fails.
   */
  static Path required(String name, String debianPackage) {
    Optional<Path> found =
        Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/bin"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String missing =
          "This test needs %s, which is not installed (Debian: apt-get install %s)."
              .formatted(name, debianPackage);
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(missing);
      }
      Assumptions.abort(missing);
    }
    return found.get();
  }

  /** What a program printed, to both outputs, and how it ended. */
  record Result(int status, String output) {}

  static Result run(Path folder, String input, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), text);
    } finally {
      process.destroyForcibly();
    }
  }
}
