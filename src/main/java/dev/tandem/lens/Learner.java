package dev.tandem.lens;

import dev.tandem.nn.Mode;
import dev.tandem.nn.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A network that learns from batches and can be looked into, whatever computes it. Used by one
 * thread; to be closed, because it may hold native memory.
 */
public interface Learner extends AutoCloseable {

  /**
   * One optimizer step on one batch.
   *
   * @param x rows × inputs
   * @param labels a class each
   * @param watched whether the lens, if there is one, looks on; the step is the same bit for bit
   * @return the batch's mean loss before the step, in nats
   */
  double step(float[][] x, byte[] labels, int rows, boolean watched);

  /**
   * What it makes of a batch.
   *
   * @param x rows × inputs
   * @param watched whether the lens, if there is one, looks on
   * @return rows × classes, logits; valid until the next call
   */
  float[][] forward(float[][] x, int rows, Mode mode, boolean watched);

  /** What {@link #step} has counted since its last reset. */
  SoftmaxCrossEntropy trainingLoss();

  /** What was seen when the lens last looked on; empty unless asked for. */
  Optional<Lens> lens();

  /** Bytes that {@link #save} writes. */
  int savedBytes(boolean withOptimizer);

  /**
   * Writes what it has learnt so far.
   *
   * @param withOptimizer all that the next step depends on, so that it can go on as if never
   *     stopped; otherwise the network alone
   */
  void save(ByteBuffer out, boolean withOptimizer);

  /** Takes on what was saved by one of the same kind and shape. */
  void restore(ByteBuffer in, boolean withOptimizer);

  @Override
  void close();
}
