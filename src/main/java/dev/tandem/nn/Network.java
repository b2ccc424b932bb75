package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Layers one after the other with softmax and cross-entropy at the end, and the optimizer that
 * moves their parameters. A step allocates nothing. One without an optimizer takes no steps, and
 * has no memory for them. Used by one thread; to be closed, because it holds native memory.
 */
public final class Network implements AutoCloseable {
  private final Parameters parameters;
  private final List<Layer> layers;
  private final Optimizer optimizer;
  private final SoftmaxCrossEntropy loss;

  Network(Parameters parameters, List<Layer> layers, Optimizer optimizer, int classes) {
    this.parameters = parameters;
    this.layers = List.copyOf(layers);
    this.optimizer = optimizer;
    loss = new SoftmaxCrossEntropy(classes);
    parameters.allocate();
    if (optimizer != null) {
      optimizer.allocate(parameters.blocks(), Parameters.BLOCK);
    }
  }

  /** From the input to the output. */
  public List<Layer> layers() {
    return layers;
  }

  Parameters parameters() {
    return parameters;
  }

  /** How many parameters are trained. */
  public int parameterCount() {
    return parameters.length();
  }

  /**
   * One optimizer step on one batch.
   *
   * @param x rows × inputs
   * @param labels a class each
   * @param watcher looks on; may be null
   * @param norms is shown how the parameters move; may be null
   * @return the batch's mean loss before the step, in nats
   */
  public double step(float[][] x, byte[] labels, int rows, Watcher watcher, UpdateNorms norms) {
    long number = optimizer.steps() + 1;
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).begin(number);
    }
    float[][] gradient = forward(x, rows, Mode.TRAINING, watcher);
    double mean = loss.gradient(gradient, labels, rows);
    for (int i = layers.size() - 1; i >= 0; i--) {
      gradient = layers.get(i).backward(gradient, rows);
    }
    parameters.update(optimizer, norms);
    return mean;
  }

  /**
   * What it makes of a batch.
   *
   * @param watcher looks on; may be null
   * @return rows × classes, logits; valid until the next call
   */
  public float[][] forward(float[][] x, int rows, Mode mode, Watcher watcher) {
    float[][] passing = x;
    for (int i = 0; i < layers.size(); i++) {
      passing = layers.get(i).forward(passing, rows, mode);
      if (watcher != null) {
        watcher.passed(i, passing, rows, mode);
      }
    }
    return passing;
  }

  /** What {@link #step} has counted since its last reset. */
  public SoftmaxCrossEntropy trainingLoss() {
    return loss;
  }

  /** Bytes that {@link #save} writes. */
  public int savedBytes(boolean withOptimizer) {
    int bytes = parameters.savedBytes();
    for (Layer layer : layers) {
      bytes += layer.savedBytes();
    }
    return withOptimizer
        ? bytes + optimizer.savedBytes(parameters.length()) + SoftmaxCrossEntropy.savedBytes()
        : bytes;
  }

  /**
   * Writes what it has learnt so far.
   *
   * @param withOptimizer all that the next step depends on, if there is to be one; otherwise the
   *     network alone
   */
  public void save(ByteBuffer out, boolean withOptimizer) {
    parameters.save(out);
    if (withOptimizer) {
      optimizer.save(out, parameters.length());
    }
    layers.forEach(layer -> layer.save(out));
    if (withOptimizer) {
      loss.save(out);
    }
  }

  /** Takes on what was saved by one of the same shape. */
  public void restore(ByteBuffer in, boolean withOptimizer) {
    parameters.restore(in);
    if (withOptimizer) {
      optimizer.restore(in, parameters.length());
    }
    layers.forEach(layer -> layer.restore(in));
    if (withOptimizer) {
      loss.restore(in);
    }
  }

  @Override
  public void close() {
    parameters.close();
    layers.forEach(Layer::close);
  }
}
