package dev.tandem.dl4j;

import dev.tandem.nn.BatchNorm;
import dev.tandem.run.Activation;
import dev.tandem.run.NetworkSettings;
import dev.tandem.run.Normalization;
import dev.tandem.run.Optimizer;
import dev.tandem.run.OptimizerSettings;
import dev.tandem.run.TrainingPlan;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Multilayer perceptrons as DeepLearning4J models: what a variant means as a network. */
public final class Networks {
  /** What {@code fit} moves parameters by as PyTorch does. */
  private static final Set<Optimizer> FITTED =
      EnumSet.of(Optimizer.ADAM, Optimizer.SGD, Optimizer.NESTEROV);

  private Networks() {}

  /**
   * The network of a variant.
   *
   * @param inputs features of one example
   * @param classes units of the output layer
   * @param parameters all of them, in the order of DeepLearning4J's flat vector
   */
  public static MultiLayerNetwork create(
      TrainingPlan plan, int inputs, int classes, float[] parameters) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration(plan, inputs, classes));
    network.init(Nd4j.createFromArray(parameters).reshape(1, -1), false);
    return network;
  }

  /** What of a network DeepLearning4J has not, in words; empty if it has all of it. */
  public static Optional<String> lacks(NetworkSettings network) {
    if (network.normalization() == Normalization.LAYER) {
      return Optional.of("no layer normalization after a bias");
    }
    return network.activation() == Activation.GELU
        ? Optional.of("only an approximation of GELU")
        : Optional.empty();
  }

  /**
   * What of a training DeepLearning4J's {@code fit} has not as PyTorch has it; empty if nothing.
   */
  public static Optional<String> lacks(TrainingPlan plan) {
    Optimizer optimizer = plan.optimizer().algorithm();
    if (lacks(plan.network()).isPresent()) {
      return lacks(plan.network());
    }
    if (plan.network().dropout() > 0) {
      return Optional.of("another dropout");
    }
    if (plan.optimizer().weightDecay() > 0) {
      return Optional.of("another weight decay");
    }
    return FITTED.contains(optimizer)
        ? Optional.empty()
        : Optional.of("not the optimizer " + optimizer.label());
  }

  private static IUpdater updater(OptimizerSettings of) {
    return switch (of.algorithm()) {
      case ADAM -> new Adam(of.learningRate());
      case SGD -> new Sgd(of.learningRate());
      case NESTEROV -> new Nesterovs(of.learningRate(), of.momentum());
      // A network that is only to be used.
      case ADAMW, MOMENTUM, RMSPROP -> new NoOp();
    };
  }

  private static IActivation activation(Activation of) {
    return switch (of) {
      case RELU -> new ActivationReLU();
      case TANH -> new ActivationTanH();
      case SIGMOID -> new ActivationSigmoid();
      case GELU -> throw new IllegalArgumentException("DeepLearning4J approximates GELU");
    };
  }

  /** What DeepLearning4J is told of a variant's network. */
  static MultiLayerConfiguration configuration(TrainingPlan plan, int inputs, int classes) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(plan.seed())
            .updater(updater(plan.optimizer()))
            .activation(new ActivationIdentity())
            .list();
    for (int units : plan.network().hiddenLayers()) {
      layers.layer(new DenseLayer.Builder().nOut(units).build());
      if (plan.network().normalization() == Normalization.BATCH) {
        layers.layer(
            new BatchNormalization.Builder()
                .eps(dev.tandem.nn.Normalization.EPSILON)
                .decay(BatchNorm.DECAY)
                .useLogStd(false)
                .build());
      }
      // A layer of its own: an activation set on BatchNormalization is ignored.
      layers.layer(new ActivationLayer(activation(plan.network().activation())));
    }
    return layers
        .layer(
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nOut(classes)
                .activation(new ActivationSoftmax())
                .build())
        .setInputType(InputType.feedForward(inputs))
        .build();
  }
}
