package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.lens.Learner;
import dev.tandem.nn.Score;
import dev.tandem.run.TrainingPlan;

/**
 * A network with the examples that it is trained and tested on. Used by one thread; to be closed,
 * because it holds native memory.
 */
final class Trainee implements AutoCloseable {
  private final Learner learner;
  private final Layout layout;
  private final Shape shape;
  private final Examples training;
  private final Evaluation evaluation;
  private final Predictor predictor;

  /** The rows of a batch, which are those of the examples themselves. */
  private final float[][] rows;

  private final byte[] labels;

  /**
   * @param learner is closed with it
   */
  Trainee(
      Learner learner,
      Layout layout,
      Shape shape,
      TrainingPlan plan,
      Examples training,
      Examples test) {
    this.learner = learner;
    this.layout = layout;
    this.shape = shape;
    this.training = training;
    evaluation = new Evaluation(learner, shape, test, plan);
    rows = new float[Math.min(plan.batchSize(), training.size())][];
    labels = new byte[rows.length];
    predictor = new Predictor(learner, shape.classes(), Math.max(rows.length, evaluation.rows()));
  }

  /** A variant's network with its initial weights. */
  static Trainee create(
      Layout layout, TrainingPlan plan, Examples training, Examples test, int classes) {
    Shape shape = Shape.of(plan, training.inputs(), classes);
    int maxRows = Evaluation.maxRows(plan, training.size(), test.size());
    return new Trainee(
        Learners.create(layout, plan, shape, maxRows), layout, shape, plan, training, test);
  }

  /**
   * One optimizer step on one mini-batch.
   *
   * @param order rows of the training set in the order of this epoch
   * @param from first of the batch in that order
   * @param count examples in the batch
   * @return the batch's mean loss before the step, in nats
   */
  double step(int[] order, int from, int count) {
    return step(order, from, count, false);
  }

  /** A {@link #step}, bit for bit, that the lens looks into if there is one. */
  double watchedStep(int[] order, int from, int count) {
    return step(order, from, count, true);
  }

  private double step(int[] order, int from, int count, boolean watched) {
    for (int r = 0; r < count; r++) {
      int example = order[from + r];
      rows[r] = training.features()[example];
      labels[r] = training.labels()[example];
    }
    return learner.step(rows, labels, count, watched);
  }

  /** How it did on the batches since the last call, while its weights were changing. */
  Score trainingScore() {
    Score score = learner.trainingLoss().score();
    learner.trainingLoss().reset();
    return score;
  }

  /** How it does on the test set. */
  Evaluation evaluation() {
    return evaluation;
  }

  /** What it sees in examples of which nothing is known. */
  Predictor predictor() {
    return predictor;
  }

  /** The network itself. */
  Learner learner() {
    return learner;
  }

  /** The order of what the network writes. */
  Layout layout() {
    return layout;
  }

  Shape shape() {
    return shape;
  }

  @Override
  public void close() {
    learner.close();
  }
}
