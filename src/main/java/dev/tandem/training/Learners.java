package dev.tandem.training;

import dev.tandem.dl4j.FitNetwork;
import dev.tandem.dl4j.Networks;
import dev.tandem.lens.Learner;
import dev.tandem.lens.Lens;
import dev.tandem.lens.WatchedNetwork;
import dev.tandem.nn.InitialWeights;
import dev.tandem.nn.MemoryNeeds;
import dev.tandem.nn.MultilayerPerceptron;
import dev.tandem.nn.Network;
import dev.tandem.nn.Optimizer;
import dev.tandem.nn.Registry;
import dev.tandem.run.NetworkSettings;
import dev.tandem.run.OptimizerSettings;
import dev.tandem.run.TrainingPlan;
import java.nio.ByteBuffer;

/** What a variant is as a network, for either {@link Layout}. */
final class Learners {
  private Learners() {}

  /**
   * A network with its initial weights, to be trained.
   *
   * @param maxRows examples that go through it at once, at most
   */
  static Learner create(Layout layout, TrainingPlan plan, Shape shape, int maxRows) {
    return switch (layout) {
      case STEP -> {
        Network network =
            perceptron(plan, shape)
                .initialWeights(initialWeights(plan, shape))
                .network(optimizer(plan.optimizer()), maxRows);
        yield new WatchedNetwork(network, plan.watching().lens());
      }
      case FIT ->
          fit(
              plan,
              initial(plan, shape),
              plan.watching().lens() ? new Lens(shape.hiddenLayers()) : null);
    };
  }

  /** A network that has learnt, to be asked and tested: it takes no more steps. */
  static Learner trained(Layout layout, TrainingPlan plan, TrainedNetwork learnt, int maxRows) {
    return switch (layout) {
      case STEP -> {
        Network network = perceptron(plan, learnt.shape()).network(null, maxRows);
        network.restore(learnt.bytes(Layout.STEP), false);
        yield new WatchedNetwork(network, false);
      }
      case FIT -> fit(plan, learnt, null);
    };
  }

  /**
   * The memory that a network in training takes.
   *
   * @param rows examples that go through it at once, at most
   */
  static MemoryNeeds needs(TrainingPlan plan, int rows) {
    return perceptron(plan, Shape.of(plan)).needs(optimizer(plan.optimizer()), rows);
  }

  private static MultilayerPerceptron perceptron(TrainingPlan plan, Shape shape) {
    NetworkSettings network = plan.network();
    return new MultilayerPerceptron(shape.inputs(), shape.hiddenLayers(), shape.classes())
        .normalization(Registry.normalization(network.normalization().label()))
        .activation(Registry.activation(network.activation().label()))
        .dropout(network.dropout(), plan.seed());
  }

  private static InitialWeights initialWeights(TrainingPlan plan, Shape shape) {
    return new InitialWeights(
        plan.seed(),
        plan.network().initialScale(),
        shape.inputs(),
        plan.hiddenLayersOfRun(),
        shape.classes());
  }

  /** Numbers that an optimizer keeps of each parameter. */
  static int moments(OptimizerSettings settings) {
    return optimizer(settings).momentCount();
  }

  private static Optimizer optimizer(OptimizerSettings settings) {
    return Registry.optimizer(
        settings.algorithm().label(),
        settings.learningRate(),
        settings.momentum(),
        settings.weightDecay());
  }

  private static FitNetwork fit(TrainingPlan plan, TrainedNetwork from, Lens lens) {
    Shape shape = from.shape();
    float[] parameters = from.values(Layout.FIT);
    return new FitNetwork(
        Networks.create(plan, shape.inputs(), shape.classes(), parameters), shape.classes(), lens);
  }

  /** The same initial weights, whatever computes. */
  private static TrainedNetwork initial(TrainingPlan plan, Shape shape) {
    try (Network network =
        perceptron(plan, shape).initialWeights(initialWeights(plan, shape)).network(null, 1)) {
      ByteBuffer saved = ByteBuffer.allocate(network.savedBytes(false));
      network.save(saved, false);
      return TrainedNetwork.of(shape, Layout.STEP, saved.flip());
    }
  }
}
