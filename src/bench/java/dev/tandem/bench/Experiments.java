package dev.tandem.bench;

import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Variant;
import dev.tandem.run.Watching;
import java.util.List;
import java.util.Map;

/** The runs that are measured. */
final class Experiments {
  static final Variant NONE = new Variant("none", Map.of("normalization", Normalization.NONE));
  static final Variant BATCH = new Variant("batch", Map.of("normalization", Normalization.BATCH));

  private Experiments() {}

  static RunSettings seed(int epochs) {
    return mnist(5000, 1000, epochs, 60, List.of(128, 64));
  }

  static RunSettings mnist(int training, int test, int epochs, int batch, List<Integer> hidden) {
    return new SettingsBuilder()
        .data(training, test)
        .epochs(epochs)
        .batchSize(batch)
        .learningRate(0.001)
        .hiddenLayers(hidden)
        .seed(1)
        .variants(List.of(NONE, BATCH))
        .build();
  }

  /** The same, with the layers looked into. */
  static RunSettings withLens(RunSettings of) {
    return of.with(new Watching(true, of.watching().trainModeTest()));
  }

  static String json(RunSettings settings) {
    return """
        {"trainingExamples":%d,"testExamples":%d,"epochs":%d,"batchSize":%d,"hiddenLayers":%s}"""
        .formatted(
            settings.data().trainingExamples(),
            settings.data().testExamples(),
            settings.schedule().epochs(),
            settings.schedule().batchSize(),
            settings.network().hiddenLayers());
  }
}
