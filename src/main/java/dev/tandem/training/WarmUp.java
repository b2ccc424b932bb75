package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.lens.Lens;
import dev.tandem.run.DataSettings;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.NetworkSettings;
import dev.tandem.run.Normalization;
import dev.tandem.run.OptimizerSettings;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Watching;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Trains on made-up examples when the server has nothing else to do after its start, so that the
 * JVM has loaded and compiled what the first real training needs. Ends at once when that comes.
 */
final class WarmUp {
  private static final int EXAMPLES = 600;
  private static final int INPUTS = DatasetInfo.PIXELS;
  private static final int CLASSES = DatasetInfo.DIGITS.size();
  private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1);

  /** By then the JIT is done; on a slow machine the time above ends it. */
  private static final int EPOCHS = 40;

  private volatile boolean stopped;

  /** On whichever thread; there is work to do. */
  void stop() {
    stopped = true;
  }

  /** On a worker thread. */
  Void run(Compute compute) {
    byte[] pixels = new byte[EXAMPLES * INPUTS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 251);
    }
    Examples examples = Examples.of(pixels, new byte[EXAMPLES], EXAMPLES, INPUTS);
    for (Normalization normalization : Normalization.values()) {
      if (!stopped) {
        train(compute, normalization, examples);
      }
    }
    return null;
  }

  private void train(Compute compute, Normalization normalization, Examples examples) {
    List<Integer> hiddenLayers = List.of(128, 64);
    TrainingPlan plan =
        new TrainingPlan(
            new DataSettings(DatasetInfo.MNIST, EXAMPLES, EXAMPLES),
            NetworkSettings.mlp(hiddenLayers, normalization),
            hiddenLayers,
            OptimizerSettings.adam(0.001),
            60,
            EPOCHS,
            1,
            new Watching(true, false));
    try (Trainee trainee = compute.trainee(plan, examples, examples, CLASSES)) {
      long end = System.nanoTime() + NANOS_EACH;
      BatchOrder order = new BatchOrder(1, EXAMPLES);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        int[] rows = order.next();
        for (int from = 0; from < EXAMPLES; from += plan.batchSize()) {
          if (stopped || System.nanoTime() - end > 0) {
            return;
          }
          trainee.step(rows, from, plan.batchSize());
        }
        trainee.watchedStep(rows, 0, plan.batchSize());
        trainee.learner().lens().ifPresent(Lens::samples);
        trainee.evaluation().score();
      }
    }
  }
}
