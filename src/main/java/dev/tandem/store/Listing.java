package dev.tandem.store;

import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What a run is searched and sorted by, its words {@linkplain Words#fold folded}.
 *
 * @param name after all others if it has none
 * @param accuracy the best of its variants' last test accuracies, ratio 0–1; -1 if there is none
 * @param shown what a list shows of it, settings that are not the default ones included; and its
 *     note
 * @param settings all of them, one after the other: {@code " seed 1 | 10 epochs 10 | "}
 */
record Listing(
    String id, String status, String name, double accuracy, String shown, String settings) {
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  /** As the page calls variants that are named after their normalization. */
  private static final Map<String, String> TITLES =
      Map.of(
          "none", "without BatchNorm",
          "batch", "with BatchNorm Batch Normalization",
          "layer", "with LayerNorm Layer Normalization");

  private static final List<String> DEFAULTS = settings(RunSettings.defaults());

  static Listing of(Run run) {
    List<String> settings = settings(run.settings());
    List<String> unusual = new ArrayList<>(settings);
    unusual.removeAll(DEFAULTS);
    List<String> shown = new ArrayList<>();
    shown.add(run.name() == null ? "" : run.name());
    shown.add(title(run.settings().variants()));
    shown.addAll(unusual);
    shown.add(run.status().label());
    if (run.trainings().stream().anyMatch(of -> of.status() == TrainingStatus.DIVERGED)) {
      shown.add("diverged");
    }
    shown.add(run.note() == null ? "" : run.note());
    return new Listing(
        run.id(),
        run.status().label(),
        run.name() == null ? LAST : Words.fold(run.name()),
        accuracy(run),
        Words.fold(String.join(" | ", shown)),
        settings.stream().map(Words::fold).collect(Collectors.joining(" | ", " ", " ")));
  }

  private static double accuracy(Run run) {
    return run.settings().variants().stream()
        .map(variant -> accuracy(run, variant))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .max()
        .orElse(-1);
  }

  private static OptionalDouble accuracy(Run run, Variant variant) {
    return run.trainings().stream()
        .filter(of -> of.variant().equals(variant.name()))
        .filter(of -> of.status() != TrainingStatus.DIVERGED && of.testAccuracy() != null)
        .mapToDouble(Training::testAccuracy)
        .filter(Double::isFinite)
        .average();
  }

  private static String title(List<Variant> variants) {
    return variants.stream()
        .map(of -> TITLES.getOrDefault(of.name(), of.name()))
        .collect(Collectors.joining(" / "));
  }

  /** As the page words them, and in the other ways in which people may. */
  private static List<String> settings(RunSettings of) {
    List<String> settings = new ArrayList<>();
    settings.add(of.data().dataset());
    settings.add(count(of.schedule().epochs(), "epochs"));
    int training = of.data().trainingExamples();
    settings.add(count(training, "training examples") + training + " examples");
    int test = of.data().testExamples();
    settings.add(count(test, "test examples") + test + " examples");
    settings.add("seed " + of.schedule().seed());
    settings.add(count(of.schedule().repeats(), "repeats"));
    if (of.watching().trainModeTest()) {
      settings.add("test in train mode too");
    }
    if (of.schedule().iterationsPerSecond() != null) {
      settings.add("pace " + Words.plain(of.schedule().iterationsPerSecond()) + " iterations/s");
    }
    of.shared().forEach((field, value) -> settings.addAll(words(field, value)));
    for (Variant variant : of.variants()) {
      variant.patch().forEach((field, value) -> settings.addAll(words(field, value)));
    }
    return settings;
  }

  /** A setting that variants may change. */
  private static List<String> words(String field, Object value) {
    if (field.equals("batchSize")) {
      return List.of("batch size %1$s batch %1$s".formatted(value));
    }
    if (field.equals("hiddenLayers")) {
      return layers((List<?>) value);
    }
    String name = field.replaceAll("\\p{Lu}", " $0").toLowerCase(Locale.ROOT);
    return List.of(
        name + " " + (value instanceof Double number ? Words.plain(number) : value.toString()));
  }

  private static List<String> layers(List<?> units) {
    String all = "layers " + units.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return units.size() > 2 && units.stream().distinct().count() == 1
        ? List.of(all, "%d layers of %s".formatted(units.size(), units.get(0)))
        : List.of(all);
  }

  private static String count(int number, String what) {
    return what + " " + number + " " + what + " ";
  }
}
