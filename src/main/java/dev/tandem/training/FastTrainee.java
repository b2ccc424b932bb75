package dev.tandem.training;

import dev.tandem.nn.Adam;
import dev.tandem.nn.BatchNorm;
import dev.tandem.nn.Mode;
import dev.tandem.nn.Network;
import dev.tandem.nn.Optimizer;
import dev.tandem.nn.Relu;
import dev.tandem.nn.Score;
import dev.tandem.nn.SoftmaxCrossEntropy;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains a {@link Network}, whose step computes what DeepLearning4J's {@code fit} computes, many
 * times faster and without an allocation.
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
  private final Network network;

  /** The rows of a batch, which are those of the examples themselves. */
  private final float[][] rows;

  private final byte[] labels;
  private final int batchSize;
  private final boolean trainModeTest;
  private final SoftmaxCrossEntropy testLoss;
  private final byte[] predicted;

  /** Null if nobody wants to look inside. */
  private final NetworkLens lens;

  /** With its initial weights. */
  FastTrainee(
      RunSettings settings, Variant variant, Examples training, Examples test, int classes) {
    this(
        settings,
        variant,
        training,
        test,
        classes,
        new Adam(settings.learningRateOf(variant)),
        settings.lens());
    network.initialize(settings.seed());
  }

  /** A network that has learnt, and can be asked and tested: it takes no more steps. */
  static FastTrainee trained(
      RunSettings settings, Variant variant, TrainedNetwork network, Examples test) {
    FastTrainee trainee =
        new FastTrainee(settings, variant, NONE, test, network.shape().classes(), null, false);
    trainee.restore(network.bytes(Layout.STEP), false);
    return trainee;
  }

  /**
   * @param optimizer null for a network that learns no more
   */
  private FastTrainee(
      RunSettings settings,
      Variant variant,
      Examples training,
      Examples test,
      int classes,
      Optimizer optimizer,
      boolean looked) {
    this.training = training;
    this.test = test;
    shape = Shape.of(settings, variant, training.inputs(), classes);
    batchSize = settings.batchSize();
    trainModeTest = shape.isNormalized() && settings.trainModeTest() && test.size() > 1;
    int maxRows = maxRows(settings, variant, training.size(), test.size());
    network =
        Network.multilayerPerceptron(
            shape.inputs(),
            shape.hiddenLayers(),
            classes,
            shape.isNormalized() ? BatchNorm::new : null,
            Relu::new,
            optimizer,
            maxRows);
    rows = new float[maxRows][];
    labels = new byte[maxRows];
    testLoss = new SoftmaxCrossEntropy(classes);
    predicted = new byte[test.size()];
    lens = looked ? new NetworkLens(network) : null;
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
    double loss = step(order, from, count, lens);
    if (lens != null) {
      lens.moved();
    }
    return loss;
  }

  private double step(int[] order, int from, int count, NetworkLens watching) {
    for (int r = 0; r < count; r++) {
      int example = order[from + r];
      rows[r] = training.features()[example];
      labels[r] = training.labels()[example];
    }
    return network.step(rows, labels, count, watching, watching == null ? null : watching.norms());
  }

  @Override
  public Optional<Lens> lens() {
    return Optional.ofNullable(lens).map(NetworkLens::lens);
  }

  @Override
  public Score trainingScore() {
    Score score = network.trainingLoss().score();
    network.trainingLoss().reset();
    return score;
  }

  @Override
  public Score testScore(BooleanSupplier stopped) {
    testLoss.reset();
    for (int from = 0; from < test.size(); from += EVALUATION_ROWS) {
      Trainee.unless(stopped);
      int count = Math.min(EVALUATION_ROWS, test.size() - from);
      // The first so many alone are looked at: the same images after every epoch.
      float[][] logits = test(from, count, Mode.EVALUATION, from == 0 ? lens : null);
      for (int r = 0; r < count; r++) {
        predicted[from + r] = (byte) testLoss.best(logits[r]);
      }
    }
    return testLoss.score();
  }

  /** Counts a batch of test examples; returns their logits. */
  private float[][] test(int from, int count, Mode mode, NetworkLens watching) {
    System.arraycopy(test.features(), from, rows, 0, count);
    System.arraycopy(test.labels(), from, labels, 0, count);
    float[][] logits = network.forward(rows, count, mode, watching);
    testLoss.count(logits, labels, count);
    return logits;
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
    testLoss.reset();
    int from = 0;
    while (from < test.size()) {
      Trainee.unless(stopped);
      int count = Trainee.trainModeRows(test.size() - from, batchSize);
      test(from, count, Mode.BATCH_STATISTICS, null);
      from += count;
    }
    return testLoss.score();
  }

  @Override
  public float[] probabilities(float[][] features, int count) {
    int classes = shape.classes();
    float[] probabilities = new float[count * classes];
    for (int from = 0; from < count; from += rows.length) {
      int some = Math.min(rows.length, count - from);
      System.arraycopy(features, from, rows, 0, some);
      float[][] logits = network.forward(rows, some, Mode.EVALUATION, null);
      for (int r = 0; r < some; r++) {
        testLoss.probabilities(logits[r], probabilities, (from + r) * classes);
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
    return network.savedBytes(withOptimizer);
  }

  @Override
  public void save(ByteBuffer out, boolean withOptimizer) {
    network.save(out, withOptimizer);
  }

  @Override
  public void restore(ByteBuffer in, boolean withOptimizer) {
    network.restore(in, withOptimizer);
  }

  @Override
  public void close() {
    network.close();
  }
}
