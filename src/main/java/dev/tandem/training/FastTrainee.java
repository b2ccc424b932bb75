package dev.tandem.training;

import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a DeepLearning4J model with a step of its own: OpenBLAS for the matrix products, plain
 * loops over arrays for the rest, and no allocation per step. It computes what the model's own
 * {@code fit} computes, many times faster.
 */
final class FastTrainee implements Trainee {
  /** Test examples that are evaluated at once. */
  private static final int EVALUATION_ROWS = 250;

  private final MultiLayerNetwork model;
  private final Examples training;
  private final Examples test;
  private final Parameters parameters;
  private final HiddenLayer[] hidden;
  private final Dense output;
  private final Native input;
  private final Native outputSums;
  private final float[][] logits;
  private final byte[] labels;
  private final int batchSize;
  private final boolean trainModeTest;
  private final int maxRows;
  private final Softmax softmax;
  private final Softmax testSoftmax;
  private final byte[] predicted;

  FastTrainee(
      MultiLayerNetwork model,
      RunSettings settings,
      Variant variant,
      Examples training,
      Examples test,
      int classes) {
    this.model = model;
    this.training = training;
    this.test = test;
    boolean normalized = variant.normalization() == Normalization.BATCH;
    batchSize = settings.batchSize();
    trainModeTest = normalized && settings.trainModeTest() && test.size() > 1;
    int testRows = trainModeTest ? Math.max(EVALUATION_ROWS, batchSize + 1) : EVALUATION_ROWS;
    maxRows = Math.max(Math.min(batchSize, training.size()), Math.min(testRows, test.size()));
    parameters =
        new Parameters(
            trained(settings.hiddenLayers(), training.inputs(), classes, normalized),
            settings.learningRateOf(variant));
    int in = training.inputs();
    hidden = new HiddenLayer[settings.hiddenLayers().size()];
    for (int i = 0; i < hidden.length; i++) {
      int units = settings.hiddenLayers().get(i);
      hidden[i] = new HiddenLayer(in, units, normalized, maxRows, parameters);
      in = units;
    }
    output = new Dense(in, classes, parameters);
    input = new Native(maxRows * training.inputs());
    outputSums = new Native(maxRows * classes);
    logits = new float[maxRows][classes];
    labels = new byte[maxRows];
    softmax = new Softmax(classes);
    testSoftmax = new Softmax(classes);
    predicted = new byte[test.size()];
    readModel();
  }

  @Override
  public double step(int[] order, int from, int count) {
    for (int r = 0; r < count; r++) {
      int example = order[from + r];
      input.write(
          r * training.inputs(),
          training.features(),
          example * training.inputs(),
          training.inputs());
      labels[r] = training.labels()[example];
    }
    forward(count, Mode.TRAINING);
    double loss = softmax.gradient(logits, labels, count);
    backward(count);
    parameters.update();
    return loss;
  }

  private void forward(int rows, Mode mode) {
    Native x = input;
    for (HiddenLayer layer : hidden) {
      layer.forward(x, rows, mode);
      x = layer.output;
    }
    output.forward(x, outputSums, logits, rows);
  }

  private void backward(int rows) {
    output.backward(logits, outputSums, rows);
    output.biasGradient(logits, rows);
    Dense above = output;
    Native sums = outputSums;
    for (int i = hidden.length - 1; i >= 0; i--) {
      HiddenLayer layer = hidden[i];
      above.inputGradient(sums, layer.sums, layer.gradient, rows);
      layer.backward(rows);
      above = layer.dense;
      sums = layer.sums;
    }
  }

  @Override
  public Score trainingScore() {
    Score score = softmax.score();
    softmax.reset();
    return score;
  }

  @Override
  public Score testScore() {
    testSoftmax.reset();
    for (int from = 0; from < test.size(); from += EVALUATION_ROWS) {
      int rows = Math.min(EVALUATION_ROWS, test.size() - from);
      test(from, rows, Mode.EVALUATION);
      for (int r = 0; r < rows; r++) {
        predicted[from + r] = (byte) testSoftmax.best(logits[r]);
      }
    }
    return testSoftmax.score();
  }

  private void test(int from, int rows, Mode mode) {
    input.write(0, test.features(), from * test.inputs(), rows * test.inputs());
    System.arraycopy(test.labels(), from, labels, 0, rows);
    forward(rows, mode);
    testSoftmax.count(logits, labels, rows);
  }

  @Override
  public byte[] testLabels() {
    return Arrays.copyOf(test.labels(), test.size());
  }

  @Override
  public byte[] testPredictions() {
    return predicted.clone();
  }

  @Override
  public Score trainModeScore() {
    if (!trainModeTest) {
      return null;
    }
    testSoftmax.reset();
    int from = 0;
    while (from < test.size()) {
      int rows = Trainee.trainModeRows(test.size() - from, batchSize);
      test(from, rows, Mode.BATCH_STATISTICS);
      from += rows;
    }
    return testSoftmax.score();
  }

  @Override
  public float[] probabilities(float[] features, int rows) {
    float[] probabilities = new float[rows * output.out];
    for (int from = 0; from < rows; from += maxRows) {
      int count = Math.min(maxRows, rows - from);
      input.write(0, features, from * training.inputs(), count * training.inputs());
      forward(count, Mode.EVALUATION);
      for (int r = 0; r < count; r++) {
        testSoftmax.probabilities(logits[r], probabilities, (from + r) * output.out);
      }
    }
    return probabilities;
  }

  @Override
  public MultiLayerNetwork model() {
    int at = 0;
    for (HiddenLayer layer : hidden) {
      writeDense(at++, layer.dense);
      if (layer.norm != null) {
        writeRow(at, "gamma", layer.norm.gammas.get());
        writeRow(at, "beta", layer.norm.betas.get());
        writeRow(at, "mean", layer.norm.runningMean);
        writeRow(at++, "var", layer.norm.runningVariance);
      }
      at++;
    }
    writeDense(at, output);
    return model;
  }

  @Override
  public int savedBytes(boolean withOptimizer) {
    int bytes = parameters.savedBytes(withOptimizer) + (withOptimizer ? Softmax.savedBytes() : 0);
    for (HiddenLayer layer : hidden) {
      bytes += layer.norm == null ? 0 : layer.norm.savedBytes();
    }
    return bytes;
  }

  @Override
  public void save(ByteBuffer out, boolean withOptimizer) {
    parameters.save(out, withOptimizer);
    for (HiddenLayer layer : hidden) {
      if (layer.norm != null) {
        layer.norm.save(out);
      }
    }
    if (withOptimizer) {
      softmax.save(out);
    }
  }

  @Override
  public void restore(ByteBuffer in, boolean withOptimizer) {
    parameters.restore(in, withOptimizer);
    for (HiddenLayer layer : hidden) {
      if (layer.norm != null) {
        layer.norm.restore(in);
      }
    }
    if (withOptimizer) {
      softmax.restore(in);
    }
  }

  private void readModel() {
    int at = 0;
    for (HiddenLayer layer : hidden) {
      readDense(at++, layer.dense);
      if (layer.norm != null) {
        layer.norm.gammas.set(read(at, "gamma"));
        layer.norm.betas.set(read(at, "beta"));
        copy(read(at, "mean"), layer.norm.runningMean);
        copy(read(at++, "var"), layer.norm.runningVariance);
      }
      at++;
    }
    readDense(at, output);
  }

  private void readDense(int layer, Dense dense) {
    dense.weights.set(read(layer, "W"));
    dense.biases.set(read(layer, "b"));
  }

  private void writeDense(int layer, Dense dense) {
    INDArray weights = model.getLayer(layer).getParam("W");
    try (INDArray values = Nd4j.createFromArray(dense.weights.get())) {
      weights.assign(values.reshape('c', dense.in, dense.out));
    }
    writeRow(layer, "b", dense.biases.get());
  }

  private void writeRow(int layer, String name, float[] values) {
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

  private static int trained(
      List<Integer> hiddenLayers, int inputs, int classes, boolean normalized) {
    int count = 0;
    int in = inputs;
    for (int units : hiddenLayers) {
      count += (in + 1) * units + (normalized ? 2 * units : 0);
      in = units;
    }
    return count + (in + 1) * classes;
  }

  @Override
  public void close() {
    parameters.close();
    for (HiddenLayer layer : hidden) {
      layer.close();
    }
    input.close();
    outputSums.close();
    Networks.free(model);
  }
}
