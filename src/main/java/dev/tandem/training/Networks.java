package dev.tandem.training;

import dev.tandem.nn.BatchNorm;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.util.SplittableRandom;
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

  /** A network with what it has learnt. */
  static MultiLayerNetwork create(RunSettings settings, Variant variant, TrainedNetwork trained) {
    Shape shape = trained.shape();
    MultiLayerNetwork network =
        new MultiLayerNetwork(configuration(settings, variant, shape.inputs(), shape.classes()));
    network.init(Nd4j.createFromArray(trained.values(Layout.FIT)).reshape(1, -1), false);
    return network;
  }

  /** What DeepLearning4J is told of a variant's network. */
  static MultiLayerConfiguration configuration(
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
            new BatchNormalization.Builder()
                .eps(dev.tandem.nn.Normalization.EPSILON)
                .decay(BatchNorm.DECAY)
                .useLogStd(false)
                .build());
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
    int in = weights.rows();
    assign(weights, draw((int) weights.length(), in, random));
    assign(biases, draw((int) biases.length(), in, random));
  }

  private static void assign(INDArray parameter, float[] values) {
    try (INDArray drawn = Nd4j.createFromArray(values)) {
      parameter.assign(drawn.reshape('c', parameter.shape()));
    }
  }

  /** Initial values of a layer's weights, row by row, or of its biases: weights come first. */
  static float[] draw(int count, int in, SplittableRandom random) {
    double bound = 1 / Math.sqrt(in);
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }
}
