package dev.tandem.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this repository that are not code. */
final class Repository {
  /** Tests run in the folder of the pom. */
  static final Path ROOT = Path.of("").toAbsolutePath();

  static final Path GRAFANA = ROOT.resolve("grafana");

  private Repository() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError("can't read " + file, e);
    }
  }
}
