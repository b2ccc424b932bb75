package dev.tandem.nn;

import java.util.Arrays;

/**
 * A fully connected layer: y = x·W + b, with x of rows × in, W of in × out and y of rows × out. For
 * the products activations lie in native memory, row-major; for the loops in between in heap
 * arrays, one a row.
 */
public final class Dense implements Layer {
  private final int in;
  private final int out;
  private final boolean first;
  private final Parameters.Slice weights;
  private final Parameters.Slice biases;
  private final float[] bias;
  private final float[] biasGradient;

  /** What came in. */
  private final Native input;

  /** Products on the way forward, their gradient on the way back. */
  private final Native products;

  /** Null in the first layer, and in a network that learns no more. */
  private final Native inputGradients;

  private final float[][] output;
  private final float[][] inputGradient;
  private boolean biasLearns = true;

  /**
   * @param first whether nothing below it wants the gradient by its input
   * @param maxRows the largest batch
   */
  public Dense(int in, int out, boolean first, int maxRows, Parameters parameters) {
    this.in = in;
    this.out = out;
    this.first = first;
    weights = parameters.take(in * out, 0);
    biases = parameters.take(out, 0);
    bias = new float[out];
    biasGradient = new float[out];
    input = new Native(maxRows * in);
    products = new Native(maxRows * out);
    output = new float[maxRows][out];
    boolean passesBack = !first && parameters.areLearning();
    inputGradients = passesBack ? new Native(maxRows * in) : null;
    inputGradient = passesBack ? new float[maxRows][in] : null;
  }

  void initialize(InitialWeights.Drawn drawn) {
    weights.set(drawn.weights());
    biases.set(drawn.biases());
  }

  /**
   * What follows takes any bias away again: its gradient is 0 on paper and rounding errors in
   * float32, of which Adam makes whole steps. So it is left at 0, and the bias as it began.
   */
  void leaveBias() {
    biasLearns = false;
  }

  public int in() {
    return in;
  }

  public int out() {
    return out;
  }

  /** W, in × out, row-major. */
  public Parameters.Slice weights() {
    return weights;
  }

  /** b. */
  public Parameters.Slice biases() {
    return biases;
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    input.writeRows(x, rows, in);
    Blas.forward(input, weights.values(), products, rows, in, out);
    products.readRows(output, rows, out);
    biases.read(bias);
    for (int r = 0; r < rows; r++) {
      Rows.add(output[r], bias, out);
    }
    return output;
  }

  @Override
  public float[][] backward(float[][] gradient, int rows) {
    if (biasLearns) {
      Arrays.fill(biasGradient, 0);
      for (int r = 0; r < rows; r++) {
        Rows.add(biasGradient, gradient[r], out);
      }
      biases.writeGradients(biasGradient);
    }
    products.writeRows(gradient, rows, out);
    Blas.weightGradient(input, products, weights.gradients(), rows, in, out);
    if (!first) {
      Blas.inputGradient(products, weights.values(), inputGradients, rows, in, out);
      inputGradients.readRows(inputGradient, rows, in);
    }
    return inputGradient;
  }

  @Override
  public long heapBytesPerRow() {
    return Rows.bytes(out) + (inputGradient == null ? 0 : Rows.bytes(in));
  }

  @Override
  public long nativeBytesPerRow() {
    return (long) Float.BYTES * (out + (inputGradients == null ? in : 2 * in));
  }

  @Override
  public void close() {
    input.close();
    products.close();
    if (inputGradients != null) {
      inputGradients.close();
    }
  }
}
