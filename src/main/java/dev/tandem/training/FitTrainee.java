package dev.tandem.training;

import dev.tandem.data.Examples;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Trains a model with DeepLearning4J's own {@code fit}: what {@link FastTrainee} is measured
 * against, and what computes on a backend whose memory BLAS on the processor can't reach.
 */
final class FitTrainee implements Trainee {
  private final MultiLayerNetwork model;
  private final Shape shape;
  private final Examples training;
  private final Examples test;
  private final int classes;
  private final int trainModeBatch;
  private final Softmax softmax;
  private final byte[] predicted;
  private final FitLens fitLens;
  private byte[] batchLabels;
  private boolean watched;

  FitTrainee(MultiLayerNetwork model, Shape shape, Examples training, Examples test) {
    this(model, shape, training, test, 0, null);
  }

  /**
   * @param trainModeBatch examples in a batch when it is tested in train mode; 0 if it isn't
   * @param lens looks into the hidden layers; may be null
   */
  FitTrainee(
      MultiLayerNetwork model,
      Shape shape,
      Examples training,
      Examples test,
      int trainModeBatch,
      Lens lens) {
    this.model = model;
    this.shape = shape;
    this.training = training;
    this.test = test;
    classes = shape.classes();
    this.trainModeBatch = trainModeBatch;
    softmax = new Softmax(classes);
    predicted = new byte[test.size()];
    fitLens = lens == null ? null : new FitLens(model, lens);
    // OpenMP keeps this number for each thread that calls it: threads would wait for one another
    // by spinning, and starve whatever else trains.
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    model.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onForwardPass(Model of, List<INDArray> activations) {
            count(activations.get(activations.size() - 1));
            if (watched) {
              fitLens.forward(activations);
            }
          }

          @Override
          public void onGradientCalculation(Model of) {
            if (watched) {
              fitLens.gradients(batchLabels.length);
            }
          }
        });
  }

  @Override
  public double step(int[] order, int from, int count) {
    float[] features = new float[count * training.inputs()];
    batchLabels = new byte[count];
    for (int r = 0; r < count; r++) {
      int example = order[from + r];
      System.arraycopy(
          training.features(),
          example * training.inputs(),
          features,
          r * training.inputs(),
          training.inputs());
      batchLabels[r] = training.labels()[example];
    }
    try (INDArray x = matrix(features, count, training.inputs());
        INDArray y = matrix(oneHot(batchLabels), count, classes)) {
      model.fit(x, y);
    }
    return model.score();
  }

  @Override
  public double watchedStep(int[] order, int from, int count) {
    if (fitLens == null) {
      return step(order, from, count);
    }
    fitLens.before();
    watched = true;
    double loss = step(order, from, count);
    watched = false;
    fitLens.after();
    return loss;
  }

  @Override
  public Optional<Lens> lens() {
    return Optional.ofNullable(fitLens).map(FitLens::lens);
  }

  /** Counts a batch from what enters the output layer, before its weights change. */
  private void count(INDArray entering) {
    INDArray weights = model.getOutputLayer().getParam("W");
    INDArray biases = model.getOutputLayer().getParam("b");
    INDArray logits = entering.detach().mmul(weights).addiRowVector(biases);
    softmax.count(logits.toFloatMatrix(), batchLabels, batchLabels.length);
  }

  @Override
  public Score trainingScore() {
    Score score = softmax.score();
    softmax.reset();
    return score;
  }

  @Override
  public Score testScore(BooleanSupplier stopped) {
    Trainee.unless(stopped);
    Softmax counted = new Softmax(classes);
    if (fitLens != null) {
      try (INDArray x = matrix(test.features(), test.size(), test.inputs())) {
        fitLens.test(x);
      }
    }
    float[][] logits = logits(test.features(), test.size(), false);
    counted.count(logits, test.labels(), test.size());
    for (int r = 0; r < test.size(); r++) {
      predicted[r] = (byte) counted.best(logits[r]);
    }
    return counted.score();
  }

  private float[][] logits(float[] features, int rows, boolean trainMode) {
    try (INDArray x = matrix(features, rows, test.inputs())) {
      INDArray entering = model.feedForward(x, trainMode).get(model.getnLayers() - 1);
      return entering
          .mmul(model.getOutputLayer().getParam("W"))
          .addiRowVector(model.getOutputLayer().getParam("b"))
          .toFloatMatrix();
    }
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
  public Score trainModeScore(BooleanSupplier stopped) {
    if (trainModeBatch == 0 || test.size() < 2) {
      return null;
    }
    Trainee.unless(stopped);
    Softmax counted = new Softmax(classes);
    // Some backends move the running statistics on the way forward.
    try (INDArray before = model.params().dup()) {
      int from = 0;
      while (from < test.size()) {
        int rows = Trainee.trainModeRows(test.size() - from, trainModeBatch);
        int to = from + rows;
        float[] features =
            Arrays.copyOfRange(test.features(), from * test.inputs(), to * test.inputs());
        counted.count(
            logits(features, rows, true), Arrays.copyOfRange(test.labels(), from, to), rows);
        from = to;
      }
      model.params().assign(before);
    }
    return counted.score();
  }

  @Override
  public float[] probabilities(float[] features, int rows) {
    float[] probabilities = new float[rows * classes];
    float[][] logits = logits(features, rows, false);
    for (int r = 0; r < rows; r++) {
      softmax.probabilities(logits[r], probabilities, r * classes);
    }
    return probabilities;
  }

  @Override
  public Layout layout() {
    return Layout.FIT;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public int savedBytes(boolean withOptimizer) {
    long floats = model.numParams() + (withOptimizer ? optimizer().length() : 0);
    return (int) floats * Float.BYTES + (withOptimizer ? Integer.BYTES + Softmax.savedBytes() : 0);
  }

  @Override
  public void save(ByteBuffer out, boolean withOptimizer) {
    put(out, model.params());
    if (withOptimizer) {
      put(out, optimizer());
      out.putInt(model.getLayerWiseConfigurations().getIterationCount());
      softmax.save(out);
    }
  }

  @Override
  public void restore(ByteBuffer in, boolean withOptimizer) {
    take(in, model.params());
    if (withOptimizer) {
      take(in, optimizer());
      model.getLayerWiseConfigurations().setIterationCount(in.getInt());
      softmax.restore(in);
    }
  }

  /** The updater's moments, as a view. */
  private INDArray optimizer() {
    return model.getUpdater().getStateViewArray();
  }

  private static void put(ByteBuffer out, INDArray values) {
    float[] floats = values.dup().data().asFloat();
    Parameters.put(out, floats, floats.length);
  }

  private static void take(ByteBuffer in, INDArray into) {
    float[] floats = new float[(int) into.length()];
    Parameters.take(in, floats, floats.length);
    into.assign(Nd4j.createFromArray(floats).reshape(into.shape()));
  }

  private float[] oneHot(byte[] labels) {
    float[] rows = new float[labels.length * classes];
    for (int r = 0; r < labels.length; r++) {
      rows[r * classes + labels[r]] = 1;
    }
    return rows;
  }

  private static INDArray matrix(float[] values, int rows, int columns) {
    return Nd4j.create(values, new int[] {rows, columns}, 'c');
  }

  @Override
  public void close() {
    model.close();
  }
}
