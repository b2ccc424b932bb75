package dev.tandem.bench;

import dev.tandem.training.Trainings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures everything, or the parts that {@code -Dbench=step,startup} names. {@code -Dmnist} is a
 * folder with the full MNIST, {@code -Dpython} a Python with PyTorch.
 */
public final class Bench {
  private Bench() {}

  public static void main(String[] args) throws Exception {
    Optional<Path> mnist = property("mnist").map(Path::of);
    Trainings trainings = new Trainings(mnist);
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("startup", new StartUp());
    parts.put("step", new Steps(trainings));
    parts.put("pair", new Pair(trainings));
    parts.put("seed", new SeedRace(trainings));
    parts.put("lens", new LensCost(trainings));
    parts.put("stream", new Streaming(trainings));
    parts.put("viewers", new Viewers());
    parts.put("memory", new Memory());
    parts.put("full", new FullSet(trainings, mnist));
    parts.put("jmh", new Pieces());
    List<String> wanted =
        property("bench")
            .map(names -> List.of(names.split(",")))
            .orElse(List.copyOf(parts.keySet()));
    Report report = new Report();
    for (String name : wanted) {
      Part part = parts.get(name);
      if (part == null) {
        System.err.println("There is no part " + name + "; there are " + parts.keySet());
        System.exit(2);
      }
      report.begin(name);
      long started = System.nanoTime();
      part.run(report);
      report.note("   %.0f s".formatted((System.nanoTime() - started) / 1e9));
    }
    report.end(Path.of("target", "bench.json"));
    System.exit(0);
  }

  /** Maven passes a property that nobody gave as an empty one. */
  static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
  }
}
