package dev.tandem.training;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A DeepLearning4J model's parameters, on their way to the layers that learn for it, and back. */
final class ModelParameters {
  private final MultiLayerNetwork model;

  ModelParameters(MultiLayerNetwork model) {
    this.model = model;
  }

  /** From the model to the layers. */
  void read(HiddenLayer[] hidden, Dense output) {
    int at = 0;
    for (HiddenLayer layer : hidden) {
      read(at++, layer.dense);
      if (layer.norm != null) {
        layer.norm.gammas.set(read(at, "gamma"));
        layer.norm.betas.set(read(at, "beta"));
        copy(read(at, "mean"), layer.norm.runningMean);
        copy(read(at++, "var"), layer.norm.runningVariance);
      }
      at++;
    }
    read(at, output);
  }

  /** From the layers to the model. */
  void write(HiddenLayer[] hidden, Dense output) {
    int at = 0;
    for (HiddenLayer layer : hidden) {
      write(at++, layer.dense);
      if (layer.norm != null) {
        write(at, "gamma", layer.norm.gammas.get());
        write(at, "beta", layer.norm.betas.get());
        write(at, "mean", layer.norm.runningMean);
        write(at++, "var", layer.norm.runningVariance);
      }
      at++;
    }
    write(at, output);
  }

  private void read(int layer, Dense dense) {
    dense.weights.set(read(layer, "W"));
    dense.biases.set(read(layer, "b"));
  }

  private void write(int layer, Dense dense) {
    INDArray weights = model.getLayer(layer).getParam("W");
    try (INDArray values = Nd4j.createFromArray(dense.weights.get())) {
      weights.assign(values.reshape('c', dense.in, dense.out));
    }
    write(layer, "b", dense.biases.get());
  }

  private void write(int layer, String name, float[] values) {
    INDArray row = model.getLayer(layer).getParam(name);
    try (INDArray learnt = Nd4j.createFromArray(values)) {
      row.assign(learnt.reshape(row.shape()));
    }
  }

  /** Row-major. */
  private float[] read(int layer, String name) {
    try (INDArray copy = model.getLayer(layer).getParam(name).dup('c')) {
      return copy.data().asFloat();
    }
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
