package dev.tandem.training;

import dev.tandem.data.Dataset;
import dev.tandem.data.Examples;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Trains a network with a step of its own: OpenBLAS for the matrix products, plain loops over
 * arrays for the rest, and no allocation per step. It computes what the {@code fit} of a
 * DeepLearning4J model of the same network computes, many times faster.
 */
final class FastTrainee implements Trainee {
  /** Test examples that are evaluated at once. */
  private static final int EVALUATION_ROWS = 250;

  /** What a network is trained on that learns no more. */
  private static final Examples NONE =
      Examples.of(new byte[Dataset.FEATURES], new byte[1], 1, Dataset.FEATURES);

  private final Shape shape;
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

  /** Null if nobody wants to look inside. */
  private final Lens lens;

  private final Motion motion;

  /** With its initial weights. */
  FastTrainee(
      RunSettings settings, Variant variant, Examples training, Examples test, int classes) {
    this(settings, variant, training, test, classes, true);
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (HiddenLayer layer : hidden) {
      layer.dense.draw(random);
      if (layer.norm != null) {
        layer.norm.begin();
      }
    }
    output.draw(random);
  }

  /** A network that has learnt, and can be asked and tested: it takes no more steps. */
  static FastTrainee trained(
      RunSettings settings, Variant variant, TrainedNetwork network, Examples test) {
    FastTrainee trainee =
        new FastTrainee(settings, variant, NONE, test, network.shape().classes(), false);
    trainee.restore(network.bytes(Layout.STEP), false);
    return trainee;
  }

  private FastTrainee(
      RunSettings settings,
      Variant variant,
      Examples training,
      Examples test,
      int classes,
      boolean learns) {
    this.training = training;
    this.test = test;
    shape = Shape.of(settings, variant, training.inputs(), classes);
    boolean normalized = shape.isNormalized();
    batchSize = settings.batchSize();
    trainModeTest = normalized && settings.trainModeTest() && test.size() > 1;
    maxRows = maxRows(settings, variant, training.size(), test.size());
    parameters =
        learns
            ? new Parameters(shape.trained(), settings.learningRateOf(variant))
            : Parameters.fixed(shape.trained());
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
    lens = learns && settings.lens() ? new Lens(settings.hiddenLayers()) : null;
    motion = parameters.motion(Arrays.stream(hidden).map(layer -> layer.dense.weights).toList());
  }

  /** Examples that go through the network at once, at most. */
  static int maxRows(RunSettings settings, Variant variant, int training, int test) {
    boolean trainMode = settings.trainModeTest() && variant.normalization() == Normalization.BATCH;
    int testRows =
        trainMode ? Math.max(EVALUATION_ROWS, settings.batchSize() + 1) : EVALUATION_ROWS;
    return Math.max(Math.min(settings.batchSize(), training), Math.min(testRows, test));
  }

  @Override
  public double step(int[] order, int from, int count) {
    return step(order, from, count, null);
  }

  @Override
  public double watchedStep(int[] order, int from, int count) {
    if (lens == null) {
      return step(order, from, count);
    }
    double loss = step(order, from, count, lens);
    for (int i = 0; i < hidden.length; i++) {
      lens.layer(i).moved(motion.gradientNorm(i), motion.updateRatio(i));
    }
    return loss;
  }

  @Override
  public Optional<Lens> lens() {
    return Optional.ofNullable(lens);
  }

  private double step(int[] order, int from, int count, Lens watching) {
    for (int r = 0; r < count; r++) {
      int example = order[from + r];
      input.write(
          r * training.inputs(),
          training.features(),
          example * training.inputs(),
          training.inputs());
      labels[r] = training.labels()[example];
    }
    forward(count, Mode.TRAINING, watching);
    double loss = softmax.gradient(logits, labels, count);
    backward(count);
    parameters.update(watching == null ? null : motion);
    return loss;
  }

  private void forward(int rows, Mode mode, Lens watching) {
    Native x = input;
    for (int i = 0; i < hidden.length; i++) {
      hidden[i].forward(x, rows, mode, watching == null ? null : watching.layer(i));
      x = hidden[i].output;
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
  public Score testScore(BooleanSupplier stopped) {
    testSoftmax.reset();
    for (int from = 0; from < test.size(); from += EVALUATION_ROWS) {
      Trainee.unless(stopped);
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
    // The first so many alone: the same images after every epoch.
    forward(rows, mode, from == 0 && mode == Mode.EVALUATION ? lens : null);
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
  public Score trainModeScore(BooleanSupplier stopped) {
    if (!trainModeTest) {
      return null;
    }
    testSoftmax.reset();
    int from = 0;
    while (from < test.size()) {
      Trainee.unless(stopped);
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
      forward(count, Mode.EVALUATION, null);
      for (int r = 0; r < count; r++) {
        testSoftmax.probabilities(logits[r], probabilities, (from + r) * output.out);
      }
    }
    return probabilities;
  }

  @Override
  public Layout layout() {
    return Layout.STEP;
  }

  @Override
  public Shape shape() {
    return shape;
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

  @Override
  public void close() {
    parameters.close();
    for (HiddenLayer layer : hidden) {
      layer.close();
    }
    input.close();
    outputSums.close();
  }
}
