package dev.tandem.training;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

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
  Score testScore();

  /** The network as a DeepLearning4J model with what was learnt so far. */
  MultiLayerNetwork model();

  /** Bytes that {@link #save} writes. */
  int savedBytes(boolean withOptimizer);

  /**
   * Writes what it has learnt so far.
   *
   * @param withOptimizer all that the next step depends on, so that it can go on as if never
   *     stopped; otherwise the network alone
   */
  void save(ByteBuffer out, boolean withOptimizer);

  /** Takes on what was saved by one of the same shape. */
  void restore(ByteBuffer in, boolean withOptimizer);

  @Override
  void close();
}
