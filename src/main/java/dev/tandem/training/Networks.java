package dev.tandem.training;

import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Multilayer perceptrons as DeepLearning4J models: what a variant means as a network. */
final class Networks {
  /** Of batch normalization, as in the paper and in PyTorch. */
  static final double EPSILON = 1e-5;

  /** Weight of the past in the running mean and variance: PyTorch's momentum of 0.1. */
  static final double DECAY = 0.9;

  private Networks() {}

  /**
   * The network of a variant with its initial weights: uniform in ±1/√(fan-in), biases too, drawn
   * from the run's seed. Variants of one run get the same dense weights.
   *
   * @param inputs features of one example
   * @param classes units of the output layer
   */
  static MultiLayerNetwork create(RunSettings settings, Variant variant, int inputs, int classes) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(configuration(settings, variant, inputs, classes));
    network.init();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (var layer : network.getLayers()) {
      if (layer.conf().getLayer()
              instanceof org.deeplearning4j.nn.conf.layers.FeedForwardLayer dense
          && layer instanceof BaseLayer<?>
          && !(dense instanceof BatchNormalization)) {
        drawWeights(layer.getParam("W"), layer.getParam("b"), random);
      }
    }
    return network;
  }

  /**
   * Frees a network that was never fitted. Its own {@code close} does so too, but then has the JVM
   * collect all garbage twice, for which every other training and the server have to stop.
   */
  static void free(MultiLayerNetwork network) {
    free(network.params());
    free(network.getFlattenedGradients());
    Updater updater = network.getUpdater(false);
    if (updater != null) {
      free(updater.getStateViewArray());
    }
  }

  private static void free(INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }

  private static MultiLayerConfiguration configuration(
      RunSettings settings, Variant variant, int inputs, int classes) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(settings.seed())
            .updater(new Adam(settings.learningRateOf(variant)))
            .activation(Activation.IDENTITY)
            .list();
    for (int units : settings.hiddenLayers()) {
      layers.layer(new DenseLayer.Builder().nOut(units).build());
      if (variant.normalization() == Normalization.BATCH) {
        layers.layer(
            new BatchNormalization.Builder().eps(EPSILON).decay(DECAY).useLogStd(false).build());
      }
      // A layer of its own: an activation set on BatchNormalization is ignored.
      layers.layer(new ActivationLayer(Activation.RELU));
    }
    return layers
        .layer(
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.feedForward(inputs))
        .build();
  }

  private static void drawWeights(INDArray weights, INDArray biases, SplittableRandom random) {
    double bound = 1 / Math.sqrt(weights.rows());
    draw(weights, bound, random);
    draw(biases, bound, random);
  }

  private static void draw(INDArray parameter, double bound, SplittableRandom random) {
    float[] values = new float[(int) parameter.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    try (INDArray drawn = Nd4j.createFromArray(values)) {
      parameter.assign(drawn.reshape('c', parameter.shape()));
    }
  }
}
