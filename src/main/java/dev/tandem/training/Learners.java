package dev.tandem.training;

import dev.tandem.dl4j.FitNetwork;
import dev.tandem.dl4j.Networks;
import dev.tandem.lens.Learner;
import dev.tandem.lens.Lens;
import dev.tandem.lens.WatchedNetwork;
import dev.tandem.nn.Adam;
import dev.tandem.nn.BatchNorm;
import dev.tandem.nn.InitialWeights;
import dev.tandem.nn.MultilayerPerceptron;
import dev.tandem.nn.Network;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.nio.ByteBuffer;

/** What a variant is as a network, for either {@link Layout}. */
final class Learners {
  private Learners() {}

  /**
   * A network with its initial weights, to be trained.
   *
   * @param maxRows examples that go through it at once, at most
   */
  static Learner create(
      Layout layout, RunSettings settings, Variant variant, Shape shape, int maxRows) {
    return switch (layout) {
      case STEP -> {
        Network network =
            perceptron(shape)
                .initialWeights(initialWeights(shape, settings.seed()))
                .network(new Adam(settings.learningRateOf(variant), 0), maxRows);
        yield new WatchedNetwork(network, settings.lens());
      }
      case FIT ->
          fit(
              settings,
              variant,
              initial(shape, settings.seed()),
              settings.lens() ? new Lens(shape.hiddenLayers()) : null);
    };
  }

  /** A network that has learnt, to be asked and tested: it takes no more steps. */
  static Learner trained(
      Layout layout, RunSettings settings, Variant variant, TrainedNetwork learnt, int maxRows) {
    return switch (layout) {
      case STEP -> {
        Network network = perceptron(learnt.shape()).network(null, maxRows);
        network.restore(learnt.bytes(Layout.STEP), false);
        yield new WatchedNetwork(network, false);
      }
      case FIT -> fit(settings, variant, learnt, null);
    };
  }

  private static MultilayerPerceptron perceptron(Shape shape) {
    return new MultilayerPerceptron(shape.inputs(), shape.hiddenLayers(), shape.classes())
        .normalization(shape.isNormalized() ? BatchNorm::new : null);
  }

  private static InitialWeights initialWeights(Shape shape, long seed) {
    return new InitialWeights(seed, 1, shape.inputs(), shape.hiddenLayers(), shape.classes());
  }

  private static FitNetwork fit(
      RunSettings settings, Variant variant, TrainedNetwork from, Lens lens) {
    Shape shape = from.shape();
    float[] parameters = from.values(Layout.FIT);
    return new FitNetwork(
        Networks.create(settings, variant, shape.inputs(), shape.classes(), parameters),
        shape.classes(),
        lens);
  }

  /** The same initial weights, whatever computes. */
  private static TrainedNetwork initial(Shape shape, long seed) {
    try (Network network =
        perceptron(shape).initialWeights(initialWeights(shape, seed)).network(null, 1)) {
      ByteBuffer saved = ByteBuffer.allocate(network.savedBytes(false));
      network.save(saved, false);
      return TrainedNetwork.of(shape, Layout.STEP, saved.flip());
    }
  }
}
