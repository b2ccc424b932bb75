package dev.tandem.dl4j;

import dev.tandem.lens.Learner;
import dev.tandem.lens.Lens;
import dev.tandem.nn.Floats;
import dev.tandem.nn.Mode;
import dev.tandem.nn.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * A model that learns by DeepLearning4J's own {@code fit}: what Tandem's step is measured against,
 * and what computes on a backend whose memory BLAS on the processor can't reach.
 */
public final class FitNetwork implements Learner {
  private final MultiLayerNetwork model;
  private final int classes;
  private final SoftmaxCrossEntropy loss;
  private final PyTorchDefinitions definitions;

  /** Null if nobody wants to look inside. */
  private final FitLens lens;

  private byte[] batchLabels;
  private boolean watching;

  /**
   * @param model is closed with it
   * @param lens looks into the hidden layers; may be null
   */
  public FitNetwork(MultiLayerNetwork model, int classes, Lens lens) {
    this.model = model;
    this.classes = classes;
    loss = new SoftmaxCrossEntropy(classes);
    definitions = new PyTorchDefinitions(model);
    this.lens = lens == null ? null : new FitLens(model, lens);
    // OpenMP keeps this number for each thread that calls it: threads would wait for one another
    // by spinning, and starve whatever else trains.
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    model.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onForwardPass(Model of, List<INDArray> activations) {
            count(activations.get(activations.size() - 1));
            if (watching) {
              FitNetwork.this.lens.forward(activations);
            }
          }

          @Override
          public void onGradientCalculation(Model of) {
            if (watching) {
              FitNetwork.this.lens.gradients(batchLabels.length);
            }
          }
        });
  }

  @Override
  public double step(float[][] x, byte[] labels, int rows, boolean watched) {
    batchLabels = Arrays.copyOf(labels, rows);
    watching = watched && lens != null;
    if (watching) {
      lens.before();
    }
    definitions.beforeStep();
    try (INDArray batch = matrix(x, rows);
        INDArray targets = Nd4j.create(oneHot(batchLabels), new int[] {rows, classes}, 'c')) {
      model.fit(batch, targets);
    }
    definitions.afterStep(rows);
    if (watching) {
      lens.after();
      watching = false;
    }
    return model.score();
  }

  /** Counts a batch from what enters the output layer, before its weights change. */
  private void count(INDArray entering) {
    loss.count(logits(entering.detach()), batchLabels, batchLabels.length);
  }

  private float[][] logits(INDArray entering) {
    return entering
        .mmul(model.getOutputLayer().getParam("W"))
        .addiRowVector(model.getOutputLayer().getParam("b"))
        .toFloatMatrix();
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode, boolean watched) {
    try (INDArray batch = matrix(x, rows)) {
      if (watched && lens != null) {
        lens.test(batch);
      }
      if (mode == Mode.EVALUATION) {
        return logits(model.feedForward(batch, false).get(model.getnLayers() - 1));
      }
      // Some backends move the running statistics on the way forward.
      try (INDArray before = model.params().dup()) {
        float[][] logits = logits(model.feedForward(batch, true).get(model.getnLayers() - 1));
        model.params().assign(before);
        return logits;
      }
    }
  }

  @Override
  public SoftmaxCrossEntropy trainingLoss() {
    return loss;
  }

  @Override
  public Optional<Lens> lens() {
    return Optional.ofNullable(lens).map(FitLens::lens);
  }

  @Override
  public int savedBytes(boolean withOptimizer) {
    long floats = model.numParams() + (withOptimizer ? optimizer().length() : 0);
    return (int) floats * Float.BYTES
        + (withOptimizer ? Integer.BYTES + SoftmaxCrossEntropy.savedBytes() : 0);
  }

  @Override
  public void save(ByteBuffer out, boolean withOptimizer) {
    put(out, model.params());
    if (withOptimizer) {
      put(out, optimizer());
      out.putInt(model.getLayerWiseConfigurations().getIterationCount());
      loss.save(out);
    }
  }

  @Override
  public void restore(ByteBuffer in, boolean withOptimizer) {
    take(in, model.params());
    if (withOptimizer) {
      take(in, optimizer());
      model.getLayerWiseConfigurations().setIterationCount(in.getInt());
      loss.restore(in);
    }
  }

  /** The updater's moments, as a view. */
  private INDArray optimizer() {
    return model.getUpdater().getStateViewArray();
  }

  private static void put(ByteBuffer out, INDArray values) {
    float[] floats = values.dup().data().asFloat();
    Floats.put(out, floats, floats.length);
  }

  private static void take(ByteBuffer in, INDArray into) {
    float[] floats = new float[(int) into.length()];
    Floats.take(in, floats, floats.length);
    into.assign(Nd4j.createFromArray(floats).reshape(into.shape()));
  }

  private float[] oneHot(byte[] labels) {
    float[] rows = new float[labels.length * classes];
    for (int r = 0; r < labels.length; r++) {
      rows[r * classes + labels[r]] = 1;
    }
    return rows;
  }

  private static INDArray matrix(float[][] x, int rows) {
    return Nd4j.createFromArray(Arrays.copyOf(x, rows));
  }

  @Override
  public void close() {
    definitions.close();
    model.close();
  }
}
