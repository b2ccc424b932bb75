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

  void forward(Native input, int rows, Mode mode) {
    dense.forward(input, sums, activations, rows);
    if (norm != null) {
      normalize(rows, mode);
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
