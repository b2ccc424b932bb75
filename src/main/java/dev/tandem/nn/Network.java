package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

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

  private Network(Parameters parameters, List<Layer> layers, Optimizer optimizer, int classes) {
    this.parameters = parameters;
    this.layers = List.copyOf(layers);
    this.optimizer = optimizer;
    loss = new SoftmaxCrossEntropy(classes);
    parameters.allocate();
    if (optimizer != null) {
      optimizer.allocate(parameters.blocks(), Parameters.BLOCK);
    }
  }

  /**
   * A multilayer perceptron: for each hidden layer a {@link Dense} one, what normalizes it, and its
   * activation; a dense layer at the end.
   *
   * @param normalization null for none
   * @param optimizer null for a network that learns no more
   * @param maxRows the largest batch
   */
  public static Network multilayerPerceptron(
      int inputs,
      List<Integer> hiddenLayers,
      int classes,
      Layer.Factory normalization,
      Layer.Factory activation,
      Optimizer optimizer,
      int maxRows) {
    Parameters parameters = optimizer == null ? Parameters.fixed() : new Parameters();
    List<Layer> layers = new ArrayList<>();
    int in = inputs;
    for (int units : hiddenLayers) {
      Dense dense = new Dense(in, units, layers.isEmpty(), maxRows, parameters);
      layers.add(dense);
      if (normalization != null) {
        Layer normalizing = normalization.create(units, maxRows, parameters);
        layers.add(normalizing);
        if (normalizing.ignoresShift()) {
          dense.leaveBias();
        }
      }
      layers.add(activation.create(units, maxRows, parameters));
      in = units;
    }
    layers.add(new Dense(in, classes, layers.isEmpty(), maxRows, parameters));
    return new Network(parameters, layers, optimizer, classes);
  }

  /** Draws weights and biases anew: uniform in ±1/√(fan-in), layer by layer. */
  public void initialize(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Layer layer : layers) {
      if (layer instanceof Dense dense) {
        dense.initialize(random);
      }
    }
  }

  /** From the input to the output. */
  public List<Layer> layers() {
    return layers;
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
