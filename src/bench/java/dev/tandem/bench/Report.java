package dev.tandem.bench;

import dev.tandem.run.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The figures, printed as they come and in the end as a Markdown table and as JSON. */
final class Report {
  private final List<Figure> figures = new ArrayList<>();
  private String part = "";

  void begin(String name) {
    part = name;
    System.out.println("-- " + name);
  }

  void figure(String what, double value, String unit) {
    add(new Figure(part, what, value, unit, null));
  }

  /**
   * @param atMost the target
   */
  void figure(String what, double value, String unit, double atMost) {
    add(new Figure(part, what, value, unit, atMost));
  }

  void note(String text) {
    System.out.println(text);
  }

  private void add(Figure figure) {
    figures.add(figure);
    System.out.println(figure.row());
  }

  /** Prints the table and writes the file. */
  void end(Path json) throws IOException {
    System.out.printf("%n%s, %s%n%n", LocalDate.now(), machine());
    System.out.println("| part | what | measured | target |\n| --- | --- | --- | --- |");
    figures.forEach(figure -> System.out.println(figure.row()));
    Map<String, Object> all = new TreeMap<>();
    all.put("date", LocalDate.now().toString());
    all.put("machine", machine());
    all.put("figures", figures);
    Files.write(json, Json.write(all));
  }

  private static String machine() throws IOException {
    Path cpus = Path.of("/proc/cpuinfo");
    String model =
        !Files.exists(cpus)
            ? System.getProperty("os.arch")
            : Files.readAllLines(cpus).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*:\\s*", ""))
                .findFirst()
                .orElse("unknown processor");
    return "%s, %d cores, %s %s"
        .formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.vm.name"),
            System.getProperty("java.version"));
  }

  /**
   * @param atMost the target, or null
   */
  private record Figure(String part, String what, double value, String unit, Double atMost) {
    String row() {
      return "| %s | %s | %s | %s |".formatted(part, what, number(value) + spacedUnit(), target());
    }

    private String spacedUnit() {
      return unit.isEmpty() ? "" : " " + unit;
    }

    private String target() {
      if (atMost == null) {
        return "";
      }
      return "≤ " + number(atMost) + spacedUnit() + (value <= atMost ? ", met" : ", **not met**");
    }

    private static String number(double value) {
      int digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
      return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
  }
}
