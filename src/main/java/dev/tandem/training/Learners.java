package dev.tandem.training;

import dev.tandem.dl4j.FitNetwork;
import dev.tandem.dl4j.Networks;
import dev.tandem.lens.Learner;
import dev.tandem.lens.Lens;
import dev.tandem.lens.WatchedNetwork;
import dev.tandem.nn.Adam;
import dev.tandem.nn.BatchNorm;
import dev.tandem.nn.Network;
import dev.tandem.nn.Optimizer;
import dev.tandem.nn.Relu;
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
        Network network = network(shape, new Adam(settings.learningRateOf(variant)), maxRows);
        network.initialize(settings.seed());
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
        Network network = network(learnt.shape(), null, maxRows);
        network.restore(learnt.bytes(Layout.STEP), false);
        yield new WatchedNetwork(network, false);
      }
      case FIT -> fit(settings, variant, learnt, null);
    };
  }

  /**
   * @param optimizer null for a network that learns no more
   */
  private static Network network(Shape shape, Optimizer optimizer, int maxRows) {
    return Network.multilayerPerceptron(
        shape.inputs(),
        shape.hiddenLayers(),
        shape.classes(),
        shape.isNormalized() ? BatchNorm::new : null,
        Relu::new,
        optimizer,
        maxRows);
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
    try (Network network = network(shape, null, 1)) {
      network.initialize(seed);
      ByteBuffer saved = ByteBuffer.allocate(network.savedBytes(false));
      network.save(saved, false);
      return TrainedNetwork.of(shape, Layout.STEP, saved.flip());
    }
  }
}
