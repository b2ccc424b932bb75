package dev.tandem.web;

import dev.tandem.run.DatasetInfo;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run request may ask of the dataset that it names. */
final class OfDataset {
  private static final String TRAINING = "trainingExamples";
  private static final String TEST = "testExamples";
  private static final String CLASSES = "classes";

  private final List<DatasetInfo> all;
  private final Optional<DatasetInfo> dataset;

  /**
   * @param all the datasets that there are
   * @param name what the request has for a name
   */
  OfDataset(List<DatasetInfo> all, Object name) {
    this.all = all;
    dataset = all.stream().filter(of -> of.name().equals(name)).findFirst();
  }

  /** Why the dataset can't be used though there is one of this name, and which can. */
  Optional<String> unusable() {
    return dataset
        .filter(of -> !of.works())
        .map(of -> "\"%s\" can't be used: %s %s".formatted(of.name(), of.fault(), usable()));
  }

  private String usable() {
    String names =
        all.stream()
            .filter(DatasetInfo::works)
            .map(DatasetInfo::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "None is usable" : "Usable are " + names;
  }

  /** What a field is that the request doesn't have, where that is up to the dataset. */
  Optional<Object> usual(String field) {
    return dataset
        .filter(DatasetInfo::works)
        .map(
            of ->
                switch (field) {
                  case TRAINING -> Math.min(usualNumber(field), of.training());
                  case TEST -> Math.min(usualNumber(field), of.test());
                  case CLASSES -> of.classes().size();
                  default -> null;
                });
  }

  private static int usualNumber(String field) {
    return RunRequest.general(field).getInteger("default");
  }

  /** What the request asks of the dataset that it doesn't have. */
  Map<String, String> faults(JsonObject request) {
    Map<String, String> faults = new TreeMap<>();
    dataset
        .filter(DatasetInfo::works)
        .ifPresent(
            of -> {
              enough(request, TRAINING, of.training(), of, "training")
                  .ifPresent(f -> faults.put(TRAINING, f));
              enough(request, TEST, of.test(), of, "test").ifPresent(f -> faults.put(TEST, f));
              int classes = of.classes().size();
              if (request.getInteger(CLASSES, classes) != classes) {
                faults.put(
                    CLASSES,
                    "must be %d: so many has %s. It need not be given"
                        .formatted(classes, of.title()));
              }
            });
    return faults;
  }

  private static Optional<String> enough(
      JsonObject request, String field, int held, DatasetInfo of, String part) {
    return request.getInteger(field, 0) <= held
        ? Optional.empty()
        : Optional.of(
            "must be at most %,d: so many %s images has %s".formatted(held, part, of.title()));
  }
}
