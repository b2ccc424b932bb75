package dev.tandem.dl4j;

import dev.tandem.nn.BatchNorm;
import dev.tandem.run.Normalization;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Multilayer perceptrons as DeepLearning4J models: what a variant means as a network. */
public final class Networks {
  private Networks() {}

  /**
   * The network of a variant.
   *
   * @param inputs features of one example
   * @param classes units of the output layer
   * @param parameters all of them, in the order of DeepLearning4J's flat vector
   */
  public static MultiLayerNetwork create(
      RunSettings settings, Variant variant, int inputs, int classes, float[] parameters) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(configuration(settings, variant, inputs, classes));
    network.init(Nd4j.createFromArray(parameters).reshape(1, -1), false);
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
}
