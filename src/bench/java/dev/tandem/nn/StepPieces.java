package dev.tandem.nn;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.openblas.global.openblas;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a step of the seed experiment is made of. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepPieces {
  private static final int ROWS = 60;
  private static final int IN = 784;
  private static final int OUT = 128;

  private final float[][] activations = new float[ROWS][OUT];
  private final float[][] gradient = new float[ROWS][OUT];
  private final float[][] logits = new float[ROWS][10];
  private final byte[] labels = new byte[ROWS];
  private final SoftmaxCrossEntropy softmax = new SoftmaxCrossEntropy(10);
  private Parameters parameters;
  private Adam adam;
  private BatchNorm norm;
  private Native x;
  private Native weights;
  private Native sums;
  private Native weightGradients;

  @Setup
  public void start() {
    openblas.blas_set_num_threads(1);
    parameters = new Parameters();
    parameters.take(109_386, 0);
    norm = new BatchNorm(OUT, ROWS, parameters);
    parameters.allocate();
    adam = new Adam(0.001, 0);
    adam.allocate(parameters.blocks(), Parameters.BLOCK);
    x = filled(ROWS * IN);
    weights = filled(IN * OUT);
    sums = filled(ROWS * OUT);
    weightGradients = filled(IN * OUT);
    sums.readRows(activations, ROWS, OUT);
    sums.readRows(gradient, ROWS, OUT);
    sums.readRows(logits, ROWS, 10);
  }

  @Benchmark
  public void productForward() {
    Blas.forward(x, weights, sums, ROWS, IN, OUT);
  }

  @Benchmark
  public void productWeightGradient() {
    Blas.weightGradient(x, sums, weightGradients, ROWS, IN, OUT);
  }

  @Benchmark
  public void adam() {
    parameters.update(adam, null);
  }

  @Benchmark
  public void batchNormForward() {
    norm.forward(activations, ROWS, Mode.TRAINING);
  }

  @Benchmark
  public void batchNormBackward() {
    norm.backward(gradient, ROWS);
  }

  @Benchmark
  public double softmax() {
    return softmax.gradient(logits, labels, ROWS);
  }

  @Benchmark
  public void readActivations() {
    sums.readRows(activations, ROWS, OUT);
  }

  private static Native filled(int length) {
    Random random = new Random(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    Native filled = new Native(length);
    filled.write(0, values, 0, length);
    return filled;
  }
}
