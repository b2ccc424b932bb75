package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.lens.Learner;
import dev.tandem.nn.Mode;
import dev.tandem.nn.Score;
import dev.tandem.nn.SoftmaxCrossEntropy;
import dev.tandem.run.TrainingPlan;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** How a network does on its test set. Used by the network's thread. */
final class Evaluation {
  /** Test examples that are evaluated at once. */
  static final int ROWS = 250;

  private final Learner learner;
  private final Examples test;
  private final int batchSize;
  private final boolean inTrainMode;
  private final SoftmaxCrossEntropy loss;
  private final byte[] predicted;

  /** The rows of a batch, which are those of the examples themselves. */
  private final float[][] rows;

  private final byte[] labels;

  /**
   * @param learner for {@value #ROWS} rows at once, and in train mode for {@link #maxRows}
   * @param shape of the network
   */
  Evaluation(Learner learner, Shape shape, Examples test, TrainingPlan plan) {
    this.learner = learner;
    this.test = test;
    batchSize = plan.batchSize();
    inTrainMode = plan.testsInTrainMode() && test.size() > 1;
    loss = new SoftmaxCrossEntropy(shape.classes());
    predicted = new byte[test.size()];
    rows = new float[testRows(inTrainMode, batchSize, test.size())][];
    labels = new byte[rows.length];
  }

  private static int testRows(boolean inTrainMode, int batchSize, int test) {
    return Math.min(inTrainMode ? Math.max(ROWS, batchSize + 1) : ROWS, test);
  }

  /** Examples that go through the network at once, at most. */
  int rows() {
    return rows.length;
  }

  /** Examples that go through a network in training at once, at most. */
  static int maxRows(TrainingPlan plan, int training, int test) {
    return Math.max(
        Math.min(plan.batchSize(), training),
        testRows(plan.testsInTrainMode(), plan.batchSize(), test));
  }

  /** How it does. */
  Score score() {
    return score(() -> false);
  }

  /**
   * How it does.
   *
   * @param stopped asked every now and then: a test may take long
   * @throws CancellationException if so; what the next step depends on is as before
   */
  Score score(BooleanSupplier stopped) {
    loss.reset();
    for (int from = 0; from < test.size(); from += ROWS) {
      int count = Math.min(ROWS, test.size() - from);
      // The first so many alone are looked at: the same images after every epoch.
      float[][] logits = test(from, count, Mode.EVALUATION, from == 0, stopped);
      for (int r = 0; r < count; r++) {
        predicted[from + r] = (byte) loss.best(logits[r]);
      }
    }
    return loss.score();
  }

  /** How it does in train mode. */
  Score trainModeScore() {
    return trainModeScore(() -> false);
  }

  /**
   * How it does when each batch is normalized by its own statistics, as in training; nothing in the
   * network moves. Batches are of the training's size, in the order of the set; a last one of a
   * single example, which has no variance, joins the one before.
   *
   * @param stopped as for {@link #score(BooleanSupplier)}
   * @return null if the run doesn't ask for it, or nothing in the network depends on the batch
   */
  Score trainModeScore(BooleanSupplier stopped) {
    if (!inTrainMode) {
      return null;
    }
    loss.reset();
    int from = 0;
    while (from < test.size()) {
      int count = trainModeRows(test.size() - from, batchSize);
      test(from, count, Mode.BATCH_STATISTICS, false, stopped);
      from += count;
    }
    return loss.score();
  }

  /** Rows of the next batch of {@link #trainModeScore} when so many are left. */
  static int trainModeRows(int left, int batchSize) {
    return left == batchSize + 1 ? left : Math.min(left, batchSize);
  }

  /** Counts a batch; returns its logits. */
  private float[][] test(int from, int count, Mode mode, boolean watched, BooleanSupplier stopped) {
    if (stopped.getAsBoolean()) {
      throw new CancellationException();
    }
    System.arraycopy(test.features(), from, rows, 0, count);
    System.arraycopy(test.labels(), from, labels, 0, count);
    float[][] logits = learner.forward(rows, count, mode, watched);
    loss.count(logits, labels, count);
    return logits;
  }

  /** What the test examples are, a class each; a copy. */
  byte[] labels() {
    return Arrays.copyOf(test.labels(), test.size());
  }

  /** What {@link #score} last took each test example for; a copy. */
  byte[] predictions() {
    return predicted.clone();
  }
}
