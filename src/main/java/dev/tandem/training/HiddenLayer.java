package dev.tandem.training;

/** Dense, batch normalization if wanted, ReLU: and the way back. */
final class HiddenLayer implements AutoCloseable {
  final Dense dense;

  /** Null without batch normalization. */
  final BatchNorm norm;

  /** Weighted sums on the way forward, their gradient on the way back. */
  final Native sums;

  /** Output, for the next layer's product. */
  final Native output;

  /** Output, rows × units. */
  private final float[][] activations;

  /** Gradient of the loss by the output, and then by the weighted sums. */
  final float[][] gradient;

  HiddenLayer(int in, int out, boolean normalized, int maxRows, Parameters parameters) {
    dense = new Dense(in, out, parameters);
    norm = normalized ? new BatchNorm(out, maxRows, parameters) : null;
    sums = new Native(maxRows * out);
    output = new Native(maxRows * out);
    activations = new float[maxRows][out];
    gradient = new float[maxRows][out];
  }

  /**
   * @param lens looks on, in training and in evaluation; may be null
   */
  void forward(Native input, int rows, Mode mode, LayerLens lens) {
    boolean training = mode == Mode.TRAINING;
    dense.forward(input, sums, activations, rows);
    if (lens != null && norm != null && training) {
      lens.sums(activations, rows);
    }
    if (norm != null) {
      normalize(rows, mode);
    }
    if (lens != null && training) {
      lens.inputs(activations, rows, norm != null);
      if (norm != null) {
        lens.normalized(norm.look());
      }
    } else if (lens != null) {
      lens.testInputs(activations, rows);
    }
    for (int r = 0; r < rows; r++) {
      Rows.relu(activations[r], dense.out);
    }
    output.writeRows(activations, rows, dense.out);
  }

  private void normalize(int rows, Mode mode) {
    switch (mode) {
      case TRAINING -> norm.train(activations, rows);
      case EVALUATION -> norm.evaluate(activations, rows);
      case BATCH_STATISTICS -> norm.evaluateByBatch(activations, rows);
    }
  }

  /** From {@link #gradient} by the output to the gradients of the parameters. */
  void backward(int rows) {
    for (int r = 0; r < rows; r++) {
      Rows.reluGradient(gradient[r], activations[r], dense.out);
    }
    if (norm == null) {
      dense.biasGradient(gradient, rows);
    } else {
      // The batch's mean takes every bias away again: its gradient is 0, and stays so.
      norm.backward(gradient, rows);
    }
    dense.backward(gradient, sums, rows);
  }

  @Override
  public void close() {
    sums.close();
    output.close();
  }
}
