package dev.tandem.dl4j;

import dev.tandem.lens.LayerLens;
import dev.tandem.lens.Lens;
import dev.tandem.nn.Normalization;
import dev.tandem.run.LayerSample.OfBatchNorm;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Looks into a model while DeepLearning4J fits it, through what that shows to its listeners. */
final class FitLens {
  private final MultiLayerNetwork model;
  private final Lens lens;

  /** Indices of the hidden dense layers in the model. */
  private final List<Integer> dense = new ArrayList<>();

  private final List<INDArray> weights = new ArrayList<>();
  private final double[] gradientNorms;

  /** Weighted sums of the batch, rows × units, of layers with batch normalization. */
  private final float[][][] sums;

  private final float[][] gammas;
  private final float[][] betas;

  FitLens(MultiLayerNetwork model, Lens lens) {
    this.model = model;
    this.lens = lens;
    for (int i = 0; i < model.getnLayers() - 1; i++) {
      if (model.getLayer(i).paramTable().containsKey("W")) {
        dense.add(i);
      }
    }
    gradientNorms = new double[dense.size()];
    sums = new float[dense.size()][][];
    gammas = new float[dense.size()][];
    betas = new float[dense.size()][];
  }

  Lens lens() {
    return lens;
  }

  private boolean isNormalized(int layer) {
    return model.getLayer(dense.get(layer) + 1) instanceof BatchNormalization;
  }

  /** A step is about to be taken. */
  void before() {
    for (int layer = 0; layer < dense.size(); layer++) {
      weights.add(weights(layer).dup());
      if (isNormalized(layer)) {
        gammas[layer] = normParameter(layer, "gamma");
        betas[layer] = normParameter(layer, "beta");
      }
    }
  }

  /**
   * @param activations what entered the model, and then what each layer made of it
   */
  void forward(List<INDArray> activations) {
    for (int layer = 0; layer < dense.size(); layer++) {
      float[][] made = activations.get(dense.get(layer) + 1).toFloatMatrix();
      if (isNormalized(layer)) {
        sums[layer] = made;
        lens.layer(layer).sums(made, made.length);
        made = activations.get(dense.get(layer) + 2).toFloatMatrix();
      }
      lens.layer(layer).inputs(made, made.length, isNormalized(layer));
    }
  }

  /** Gradients are there, summed over the batch, and nothing has moved yet. */
  void gradients(int rows) {
    for (int layer = 0; layer < dense.size(); layer++) {
      INDArray gradient = model.gradient().gradientForVariable().get(dense.get(layer) + "_W");
      gradientNorms[layer] = gradient.norm2Number().doubleValue() / rows;
    }
  }

  /** The step has been taken. */
  void after() {
    for (int layer = 0; layer < dense.size(); layer++) {
      try (INDArray old = weights.get(layer);
          INDArray change = weights(layer).sub(old)) {
        lens.layer(layer)
            .moved(
                gradientNorms[layer],
                change.norm2Number().doubleValue() / old.norm2Number().doubleValue());
      }
      if (isNormalized(layer)) {
        lens.layer(layer).normalized(batchNorm(layer));
      }
    }
    weights.clear();
  }

  /**
   * The test examples, row by row. Outside of training a ReLU overwrites what enters it, so the
   * model is followed up to each of them.
   */
  void test(INDArray examples) {
    long rows = Math.min(LayerLens.TEST_ROWS, examples.rows());
    INDArray first = examples.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
    for (int layer = 0; layer < dense.size(); layer++) {
      int last = dense.get(layer) + (isNormalized(layer) ? 1 : 0);
      float[][] entering =
          model.feedForwardToLayer(last, first, false).get(last + 1).toFloatMatrix();
      lens.layer(layer).testInputs(entering, entering.length);
    }
  }

  private OfBatchNorm batchNorm(int layer) {
    float[] runningMean = normParameter(layer, "mean");
    float[] runningVariance = normParameter(layer, "var");
    double meanGap = 0;
    double sdGap = 0;
    for (int unit = 0; unit < runningMean.length; unit++) {
      double sd = Math.sqrt(runningVariance[unit] + Normalization.EPSILON);
      double mean = 0;
      double variance = 0;
      for (float[] row : sums[layer]) {
        mean += row[unit] / sums[layer].length;
      }
      for (float[] row : sums[layer]) {
        variance += (row[unit] - mean) * (row[unit] - mean) / sums[layer].length;
      }
      meanGap += Math.abs(mean - runningMean[unit]) / sd;
      sdGap += Math.abs(Math.sqrt(variance + Normalization.EPSILON) / sd - 1);
    }
    int units = runningMean.length;
    return LayerLens.ofBatchNorm(meanGap / units, sdGap / units, gammas[layer], betas[layer]);
  }

  private INDArray weights(int layer) {
    return model.getLayer(dense.get(layer)).getParam("W");
  }

  private float[] normParameter(int layer, String name) {
    return model.getLayer(dense.get(layer) + 1).getParam(name).dup().data().asFloat();
  }
}
