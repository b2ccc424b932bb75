package dev.tandem.training;

import dev.tandem.data.DatasetException;
import dev.tandem.data.ExampleStore;
import dev.tandem.data.Examples;
import dev.tandem.data.Progress;
import dev.tandem.dl4j.Networks;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import dev.tandem.run.Watching;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** What tests of training need again and again. */
final class Fixtures {
  private Fixtures() {}

  /** The seed's own plan, with one variant. */
  static TrainingPlan seedExperiment(long seed, Normalization normalization) {
    return new SettingsBuilder()
        .data(5000, 1000)
        .epochs(10)
        .batchSize(60)
        .learningRate(0.001)
        .hiddenLayers(List.of(128, 64))
        .seed(seed)
        .variants(List.of(Variant.of(normalization)))
        .plan();
  }

  /** The same, to be looked into. */
  static TrainingPlan withLens(TrainingPlan of) {
    return new TrainingPlan(
        of.data(),
        of.network(),
        of.hiddenLayersOfRun(),
        of.optimizer(),
        of.batchSize(),
        of.epochs(),
        of.seed(),
        new Watching(true, of.watching().trainModeTest()));
  }

  /** The embedded images. */
  static ExampleStore.Sets embedded(TrainingPlan plan) throws DatasetException {
    ExampleStore store =
        ExampleStore.of(
            Optional.empty(),
            Path.of("unused"),
            List.of(),
            () -> {
              throw new AssertionError("nothing is to be downloaded");
            });
    return store.load(plan.data(), new Unheard());
  }

  /** What a trainee has learnt so far as a DeepLearning4J model, which is a copy. */
  static MultiLayerNetwork model(Trainee trainee, TrainingPlan plan) {
    Shape shape = trainee.shape();
    return Networks.create(plan, shape.inputs(), shape.classes(), parameters(trainee, plan));
  }

  /** Has a trainee take on what another has learnt, whatever its layout. */
  static void copy(Trainee from, Trainee to, TrainingPlan plan) {
    to.learner().restore(network(from, plan).bytes(to.layout()), false);
  }

  /** What a trainee has learnt so far, in the order of DeepLearning4J's flat vector. */
  static float[] parameters(Trainee trainee, TrainingPlan plan) {
    return network(trainee, plan).values(Layout.FIT);
  }

  private static TrainedNetwork network(Trainee trainee, TrainingPlan plan) {
    try {
      return TrainedNetwork.read(TrainedNetwork.state(trainee), trainee.shape(), plan.seed());
    } catch (UnusableStateException e) {
      throw new AssertionError(e);
    }
  }

  /** Made-up images. */
  static Examples images(int size) {
    Random random = new Random(size);
    byte[] pixels = new byte[size * DatasetInfo.PIXELS];
    random.nextBytes(pixels);
    byte[] labels = new byte[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) (i % DatasetInfo.DIGITS.size());
    }
    return Examples.of(pixels, labels, size, DatasetInfo.PIXELS);
  }

  /** Made-up examples of 20 features, 5 classes. */
  static Examples random(int size, long seed) {
    Random random = new Random(seed);
    float[][] features = new float[size][20];
    byte[] labels = new byte[size];
    for (float[] example : features) {
      for (int i = 0; i < example.length; i++) {
        example[i] = (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) random.nextInt(5);
    }
    return new Examples(features, labels, size, 20);
  }

  private static final class Unheard implements Progress {
    @Override
    public void message(String text) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }
}
