package dev.tandem.training;

import dev.tandem.data.DatasetException;
import dev.tandem.data.ExampleStore;
import dev.tandem.data.Examples;
import dev.tandem.data.Progress;
import dev.tandem.dl4j.Networks;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
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

  /** The seed's own settings, with one variant. */
  static RunSettings seedExperiment(long seed, Normalization normalization) {
    return new RunSettings(
        "mnist",
        5000,
        1000,
        10,
        60,
        0.001,
        List.of(128, 64),
        seed,
        List.of(new Variant(null, normalization, null)));
  }

  /** The same, to be looked into. */
  static RunSettings withLens(RunSettings of) {
    return of.with(new Watching(true, of.trainModeTest()));
  }

  /** The embedded images. */
  static ExampleStore.Sets embedded(RunSettings settings) throws DatasetException {
    ExampleStore store =
        ExampleStore.of(
            Optional.empty(),
            Path.of("unused"),
            List.of(),
            () -> {
              throw new AssertionError("nothing is to be downloaded");
            });
    return store.load(settings, new Unheard());
  }

  /** What a trainee has learnt so far as a DeepLearning4J model, which is a copy. */
  static MultiLayerNetwork model(Trainee trainee, RunSettings settings, Variant variant) {
    Shape shape = trainee.shape();
    return Networks.create(
        settings, variant, shape.inputs(), shape.classes(), parameters(trainee, settings));
  }

  /** Has a trainee take on what another has learnt, whatever its layout. */
  static void copy(Trainee from, Trainee to, RunSettings settings) {
    to.learner().restore(network(from, settings).bytes(to.layout()), false);
  }

  /** What a trainee has learnt so far, in the order of DeepLearning4J's flat vector. */
  static float[] parameters(Trainee trainee, RunSettings settings) {
    return network(trainee, settings).values(Layout.FIT);
  }

  private static TrainedNetwork network(Trainee trainee, RunSettings settings) {
    try {
      return TrainedNetwork.read(TrainedNetwork.state(trainee), trainee.shape(), settings.seed());
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
