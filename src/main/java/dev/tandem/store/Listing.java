package dev.tandem.store;

import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.util.ArrayList;
import java.util.List;
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
        .map(
            of ->
                of.name().equals(of.normalization().label())
                    ? of.normalization() == Normalization.NONE
                        ? "without BatchNorm"
                        : "with BatchNorm Batch Normalization"
                    : of.name())
        .collect(Collectors.joining(" / "));
  }

  /** As the page words them, and in the other ways in which people may. */
  private static List<String> settings(RunSettings of) {
    List<String> settings = new ArrayList<>();
    settings.add(of.dataset());
    settings.add(count(of.epochs(), "epochs"));
    settings.add("batch size %1$d batch %1$d".formatted(of.batchSize()));
    settings.add("learning rate " + Words.plain(of.optimizer().learningRate()));
    settings.add(
        count(of.trainingExamples(), "training examples") + of.trainingExamples() + " examples");
    settings.add(count(of.testExamples(), "test examples") + of.testExamples() + " examples");
    settings.add(
        "layers "
            + of.hiddenLayers().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    if (of.hiddenLayers().size() > 2 && of.hiddenLayers().stream().distinct().count() == 1) {
      settings.add("%d layers of %d".formatted(of.hiddenLayers().size(), of.hiddenLayers().get(0)));
    }
    settings.add("seed " + of.seed());
    settings.add(count(of.repeats(), "repeats"));
    if (of.trainModeTest()) {
      settings.add("test in train mode too");
    }
    if (of.iterationsPerSecond() != null) {
      settings.add("pace " + Words.plain(of.iterationsPerSecond()) + " iterations/s");
    }
    for (Variant variant : of.variants()) {
      if (variant.learningRate() != null) {
        settings.add("learning rate " + Words.plain(variant.learningRate()));
      }
    }
    return settings;
  }

  private static String count(int number, String what) {
    return what + " " + number + " " + what + " ";
  }
}
