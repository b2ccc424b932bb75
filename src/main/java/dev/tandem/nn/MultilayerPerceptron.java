package dev.tandem.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * A multilayer perceptron before it is made: for each hidden layer a {@link Dense} one, what
 * normalizes it, its activation, and dropout; a dense layer at the end. Without a word more it has
 * no normalization, rectifiers, no dropout, and zeros for weights. Not thread-safe.
 */
public final class MultilayerPerceptron {
  private final int inputs;
  private final List<Integer> hiddenLayers;
  private final int classes;
  private Layer.Factory normalization;
  private Layer.Factory activation = Relu::new;
  private double dropoutRate;
  private long dropoutSeed;
  private InitialWeights initialWeights;

  /**
   * @param hiddenLayers units of each, from the input on
   */
  public MultilayerPerceptron(int inputs, List<Integer> hiddenLayers, int classes) {
    this.inputs = inputs;
    this.hiddenLayers = List.copyOf(hiddenLayers);
    this.classes = classes;
  }

  /**
   * @param normalization null for none
   */
  public MultilayerPerceptron normalization(Layer.Factory normalization) {
    this.normalization = normalization;
    return this;
  }

  public MultilayerPerceptron activation(Layer.Factory activation) {
    this.activation = activation;
    return this;
  }

  /**
   * After the activation of each hidden layer.
   *
   * @param rate of what is dropped, from 0, for none, to less than 1
   * @param seed of all that is drawn for it
   */
  public MultilayerPerceptron dropout(double rate, long seed) {
    dropoutRate = rate;
    dropoutSeed = seed;
    return this;
  }

  /** What its dense layers start from. */
  public MultilayerPerceptron initialWeights(InitialWeights weights) {
    initialWeights = weights;
    return this;
  }

  /**
   * Makes it.
   *
   * @param optimizer null for a network that learns no more
   * @param maxRows the largest batch
   */
  public Network network(Optimizer optimizer, int maxRows) {
    Parameters parameters = optimizer == null ? Parameters.fixed() : new Parameters();
    List<Layer> layers = layers(parameters, maxRows);
    Network network = new Network(parameters, layers, optimizer, classes);
    if (initialWeights != null) {
      initialize(layers);
    }
    return network;
  }

  /**
   * The memory that {@link #network} takes for it, native libraries' own bookkeeping apart.
   *
   * @param optimizer as would be given to it
   */
  public MemoryNeeds needs(Optimizer optimizer, int maxRows) {
    Parameters parameters = optimizer == null ? Parameters.fixed() : new Parameters();
    long heap = 0;
    long outside = 0;
    for (Layer layer : layers(parameters, 0)) {
      heap += maxRows * layer.heapBytesPerRow();
      outside += maxRows * layer.nativeBytesPerRow();
      layer.close();
    }
    long bytes = (long) Float.BYTES * parameters.length();
    return optimizer == null
        ? new MemoryNeeds(heap, outside + bytes)
        : new MemoryNeeds(heap + (1 + optimizer.momentCount()) * bytes, outside + 2 * bytes);
  }

  private List<Layer> layers(Parameters parameters, int maxRows) {
    List<Layer> layers = new ArrayList<>();
    int in = inputs;
    for (int k = 0; k < hiddenLayers.size(); k++) {
      int units = hiddenLayers.get(k);
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
      if (dropoutRate > 0) {
        layers.add(new Dropout(dropoutRate, dropoutSeed, k, units, maxRows));
      }
      in = units;
    }
    layers.add(new Dense(in, classes, layers.isEmpty(), maxRows, parameters));
    return layers;
  }

  private void initialize(List<Layer> layers) {
    int hidden = 0;
    for (Layer layer : layers) {
      if (layer instanceof Dense dense) {
        dense.initialize(
            hidden < hiddenLayers.size()
                ? initialWeights.hidden(hidden, dense.in(), dense.out())
                : initialWeights.output(dense.in(), dense.out()));
        hidden++;
      }
    }
  }
}
