package dev.tandem.training;

import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.util.function.Supplier;

/** One variant's training from the first batch to the last. */
final class TrainingLoop {
  private final RunSettings settings;
  private final Variant variant;
  private final Trainee trainee;
  private final Reporter reporter;
  private final Supplier<TrainingStatus> asked;

  /**
   * @param asked what the training is to end as, now; null to go on. Read before every step.
   */
  TrainingLoop(
      RunSettings settings,
      Variant variant,
      Trainee trainee,
      Reporter reporter,
      Supplier<TrainingStatus> asked) {
    this.settings = settings;
    this.variant = variant;
    this.trainee = trainee;
    this.reporter = reporter;
    this.asked = asked;
  }

  /** Trains, and reports everything, the end included. */
  void run() {
    reporter.status(TrainingStatus.RUNNING, null);
    long started = System.nanoTime();
    BatchOrder order = new BatchOrder(settings.seed(), settings.trainingExamples());
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      long epochStarted = System.nanoTime();
      if (!trainOn(order.next())) {
        return;
      }
      double trainSeconds = secondsSince(epochStarted);
      Score training = trainee.trainingScore();
      Score test = trainee.testScore();
      reporter.epoch(
          new EpochEnd(
              0,
              variant.name(),
              epoch,
              reporter.iteration(),
              training.loss(),
              training.accuracy(),
              test.loss(),
              test.accuracy(),
              secondsSince(started),
              settings.trainingExamples() / trainSeconds));
    }
    reporter.status(TrainingStatus.COMPLETED, null);
  }

  /** One epoch; false if the training ended in it. */
  private boolean trainOn(int[] order) {
    for (int from = 0; from < order.length; from += settings.batchSize()) {
      TrainingStatus end = asked.get();
      if (end != null) {
        reporter.status(end, null);
        return false;
      }
      long stepStarted = System.nanoTime();
      double loss = trainee.step(order, from, Math.min(settings.batchSize(), order.length - from));
      reporter.step(loss, System.nanoTime() - stepStarted);
      if (!Double.isFinite(loss)) {
        reporter.status(
            TrainingStatus.DIVERGED,
            "The loss stopped being a finite number at iteration %,d. A lower learning rate helps."
                .formatted(reporter.iteration()));
        return false;
      }
    }
    return true;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
