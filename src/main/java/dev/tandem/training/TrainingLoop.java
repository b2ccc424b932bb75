package dev.tandem.training;

import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import java.util.function.Supplier;

/** One variant's training from the first batch, or from a checkpoint, to the last. */
final class TrainingLoop {
  private final RunSettings settings;
  private final TrainingId training;
  private final Trainee trainee;
  private final Reporter reporter;
  private final Keeper keeper;
  private final Supplier<TrainingStatus> asked;

  private int epoch = 1;

  /** When the training, and the epoch's steps, would have begun had they never been stopped. */
  private long started = System.nanoTime();

  private long epochStarted = started;

  /**
   * @param asked what the training is to end as, now; null to go on. Read before every step.
   */
  TrainingLoop(
      RunSettings settings,
      TrainingId training,
      Trainee trainee,
      Reporter reporter,
      Keeper keeper,
      Supplier<TrainingStatus> asked) {
    this.settings = settings;
    this.training = training;
    this.trainee = trainee;
    this.reporter = reporter;
    this.keeper = keeper;
    this.asked = asked;
  }

  /** Goes on from there, rather than from the first batch. */
  void resume(Checkpoint from) {
    trainee.restore(from.state(), true);
    reporter.resume(from.iteration());
    epoch = from.epoch();
    started = System.nanoTime() - from.elapsedNanos();
    epochStarted = System.nanoTime() - from.epochNanos();
  }

  /** Trains, and reports everything, the end included. */
  void run() {
    reporter.status(TrainingStatus.RUNNING, null);
    BatchOrder order = new BatchOrder(settings.seed(), settings.trainingExamples());
    for (int before = 1; before < epoch; before++) {
      order.next();
    }
    while (epoch <= settings.epochs()) {
      if (!trainOn(order.next())) {
        return;
      }
      reportEpoch();
      epoch++;
      epochStarted = System.nanoTime();
      if (epoch <= settings.epochs() && keeper.isDue()) {
        keeper.checkpoint(checkpoint());
      }
    }
    keeper.model(ModelFile.state(trainee));
    reporter.status(TrainingStatus.COMPLETED, null);
  }

  /** What is left of one epoch; false if the training ended in it. */
  private boolean trainOn(int[] order) {
    long done = reporter.iteration() - (long) (epoch - 1) * settings.iterationsPerEpoch();
    int first = (int) done * settings.batchSize();
    for (int from = first; from < order.length; from += settings.batchSize()) {
      TrainingStatus end = asked.get();
      if (end != null) {
        stop(end);
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

  private void stop(TrainingStatus end) {
    reporter.flush();
    if (end == TrainingStatus.INTERRUPTED) {
      // This thread is done with the reporter: whoever is told of the kept checkpoint goes on.
      keeper.checkpoint(checkpoint()).onComplete(kept -> reporter.status(end, null));
    } else {
      reporter.status(end, null);
    }
  }

  private void reportEpoch() {
    double trainSeconds = secondsSince(epochStarted);
    Score train = trainee.trainingScore();
    Score test = trainee.testScore();
    reporter.epoch(
        new EpochEnd(
            0,
            training.variant(),
            training.repeat(),
            epoch,
            reporter.iteration(),
            train.loss(),
            train.accuracy(),
            test.loss(),
            test.accuracy(),
            secondsSince(started),
            settings.trainingExamples() / trainSeconds));
  }

  private byte[] checkpoint() {
    long now = System.nanoTime();
    return Checkpoint.of(trainee, epoch, reporter.iteration(), now - started, now - epochStarted);
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
