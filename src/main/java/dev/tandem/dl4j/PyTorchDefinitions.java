package dev.tandem.dl4j;

import dev.tandem.nn.BatchNorm;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Has {@code fit} follow PyTorch where DeepLearning4J defines something otherwise: Adam's ε, which
 * PyTorch adds to the corrected root √v̂ and DeepLearning4J to √v; and the running variance of
 * batch normalization, into which PyTorch takes a batch's unbiased one. Used by one thread.
 */
final class PyTorchDefinitions {
  private final MultiLayerNetwork model;

  /** The running variances, and those of before the step. */
  private final List<INDArray> variances = new ArrayList<>();

  private final List<INDArray> before = new ArrayList<>();

  PyTorchDefinitions(MultiLayerNetwork model) {
    this.model = model;
    for (Layer layer : model.getLayers()) {
      if (layer instanceof BatchNormalization) {
        INDArray variance = layer.getParam(BatchNormalizationParamInitializer.GLOBAL_VAR);
        variances.add(variance);
        before.add(variance.dup());
      }
    }
  }

  void beforeStep() {
    int step = model.getLayerWiseConfigurations().getIterationCount() + 1;
    BaseMultiLayerUpdater<?> updater = (BaseMultiLayerUpdater<?>) model.getUpdater();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      IUpdater config = block.getGradientUpdater().getConfig();
      if (config instanceof Adam adam) {
        adam.setEpsilon(Adam.DEFAULT_ADAM_EPSILON * Math.sqrt(1 - Math.pow(adam.getBeta2(), step)));
      }
    }
    for (int i = 0; i < variances.size(); i++) {
      before.get(i).assign(variances.get(i));
    }
  }

  /**
   * @param rows of the batch
   */
  void afterStep(int rows) {
    double unbiased = rows / (rows - 1.0);
    for (int i = 0; i < variances.size(); i++) {
      INDArray kept = before.get(i).muli(BatchNorm.DECAY);
      variances.get(i).subi(kept).muli(unbiased).addi(kept);
    }
  }

  void close() {
    before.forEach(INDArray::close);
  }
}
