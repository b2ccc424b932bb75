package dev.tandem.nn;

/** The rectifier: y = max(x, 0). */
public final class Relu extends Activation {
  public Relu(int units, int maxRows, Parameters parameters) {
    super(units, maxRows);
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    for (int r = 0; r < rows; r++) {
      Rows.relu(output[r], x[r], units);
    }
    return output;
  }

  @Override
  public float[][] backward(float[][] gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      Rows.reluGradient(gradient[r], output[r], units);
    }
    return gradient;
  }
}
