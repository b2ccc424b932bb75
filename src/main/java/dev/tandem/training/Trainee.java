package dev.tandem.training;

import dev.tandem.data.Examples;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** A network in training. Used by one thread; to be closed, because it holds native memory. */
interface Trainee extends AutoCloseable {

  /**
   * One optimizer step on one mini-batch.
   *
   * @param order rows of the training set in the order of this epoch
   * @param from first of the batch in that order
   * @param count examples in the batch
   * @return the batch's mean loss before the step, in nats
   */
  double step(int[] order, int from, int count);

  /** A {@link #step}, bit for bit, that the lens looks into if there is one. */
  double watchedStep(int[] order, int from, int count);

  /** What was seen in the last watched step and in the last test; empty unless asked for. */
  Optional<Lens> lens();

  /** How it did on the batches since the last call, while its weights were changing. */
  Score trainingScore();

  /** How it does on the test set. */
  default Score testScore() {
    return testScore(() -> false);
  }

  /**
   * How it does on the test set.
   *
   * @param stopped asked every now and then: a test may take long
   * @throws CancellationException if so; what the next step depends on is as before
   */
  Score testScore(BooleanSupplier stopped);

  /** What the test examples are, a class each; a copy. */
  byte[] testLabels();

  /** What {@link #testScore} last took each test example for; a copy. */
  byte[] testPredictions();

  /**
   * How it does on the test set when each batch is normalized by its own statistics, as in
   * training; nothing in the network moves. Batches are of the training's size, in the order of the
   * set; a last one of a single example, which has no variance, joins the one before.
   *
   * @return null if the run doesn't ask for it, or nothing in the network depends on the batch
   */
  default Score trainModeScore() {
    return trainModeScore(() -> false);
  }

  /** The same, to be stopped as {@link #testScore(BooleanSupplier)}. */
  Score trainModeScore(BooleanSupplier stopped);

  /** Throws when it is time to stop. */
  static void unless(BooleanSupplier stopped) {
    if (stopped.getAsBoolean()) {
      throw new CancellationException();
    }
  }

  /** Rows of the next batch of {@link #trainModeScore} when so many are left. */
  static int trainModeRows(int left, int batchSize) {
    return left == batchSize + 1 ? left : Math.min(left, batchSize);
  }

  /**
   * What it sees in examples of which nothing is known; by running statistics.
   *
   * @param features rows × inputs, as in {@link Examples}
   * @return rows × classes, row by row
   */
  float[] probabilities(float[] features, int rows);

  /** The order of what {@link #save} writes. */
  Layout layout();

  /** What the number of what {@link #save} writes depends on. */
  Shape shape();

  /** Bytes that {@link #save} writes. */
  int savedBytes(boolean withOptimizer);

  /**
   * Writes what it has learnt so far.
   *
   * @param withOptimizer all that the next step depends on, so that it can go on as if never
   *     stopped; otherwise the network alone
   */
  void save(ByteBuffer out, boolean withOptimizer);

  /** Takes on what was saved by one of the same shape and layout. */
  void restore(ByteBuffer in, boolean withOptimizer);

  @Override
  void close();
}
