package dev.tandem.training;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A fully connected layer: z = x·W + b, with x of rows × in and z of rows × out. Activations lie in
 * native memory for BLAS, row-major, and in heap arrays, one a row, for the loops in between.
 */
final class Dense {
  final int in;
  final int out;
  final Parameters.Slice weights;
  final Parameters.Slice biases;
  private final float[] bias;
  private final float[] biasGradient;
  private Native input;

  Dense(int in, int out, Parameters parameters) {
    this.in = in;
    this.out = out;
    weights = parameters.take(in * out);
    biases = parameters.take(out);
    bias = new float[out];
    biasGradient = new float[out];
  }

  /** Sets the initial weights and biases. */
  void draw(SplittableRandom random) {
    weights.set(Networks.draw(in * out, in, random));
    biases.set(Networks.draw(out, in, random));
  }

  /**
   * @param x in native memory; kept for {@link #backward}
   * @param z scratch in native memory
   * @param into receives z, rows × out
   */
  void forward(Native x, Native z, float[][] into, int rows) {
    input = x;
    Blas.forward(x, weights.values(), z, rows, in, out);
    z.readRows(into, rows, out);
    biases.values().read(0, bias, out);
    for (int r = 0; r < rows; r++) {
      Rows.add(into[r], bias, out);
    }
  }

  /**
   * Sets the gradient of the weights.
   *
   * @param gradient of the loss by z, rows × out
   * @param dz scratch in native memory; holds the gradient afterwards
   */
  void backward(float[][] gradient, Native dz, int rows) {
    dz.writeRows(gradient, rows, out);
    Blas.weightGradient(input, dz, weights.gradients(), rows, in, out);
  }

  /** Sets the gradient of the biases; the arguments are as in {@link #backward}. */
  void biasGradient(float[][] gradient, int rows) {
    Arrays.fill(biasGradient, 0);
    for (int r = 0; r < rows; r++) {
      Rows.add(biasGradient, gradient[r], out);
    }
    biases.gradients().write(0, biasGradient, 0, out);
  }

  /**
   * The gradient of the loss by x, after {@link #backward}.
   *
   * @param dx scratch in native memory
   * @param into receives it, rows × in
   */
  void inputGradient(Native dz, Native dx, float[][] into, int rows) {
    Blas.inputGradient(dz, weights.values(), dx, rows, in, out);
    dx.readRows(into, rows, in);
  }
}
