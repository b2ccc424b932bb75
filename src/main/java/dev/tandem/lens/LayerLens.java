package dev.tandem.lens;

import dev.tandem.nn.Rows;
import dev.tandem.run.LayerSample;
import dev.tandem.run.LayerSample.OfBatchNorm;
import java.util.Arrays;

/** Looks into one hidden layer while a batch goes through it. Used by one thread. */
public final class LayerLens {
  /** Test examples that are counted. */
  public static final int TEST_ROWS = 250;

  private static final double LOG_OF_2 = 0.30102999566398120;

  /** Powers of ten from −{@value #HALF} to {@value #HALF}. */
  private static final double[] POWERS = new double[101];

  private static final int HALF = 50;

  static {
    Arrays.setAll(POWERS, i -> Double.parseDouble("1e" + (i - HALF)));
  }

  private static final double LOW = 0.15;
  private static final double HIGH = 0.85;

  private final int units;
  private final Distribution distribution;
  private final float[] totals;
  private final float[] squares;
  private final float[] greatest;

  private double sumMean;
  private double sumSd;
  private double inputMean;
  private double inputSd;
  private double low;
  private double median;
  private double high;
  private double dead;
  private OfBatchNorm batchNorm;
  private double gradientNorm;
  private double updateRatio;
  private int[] histogram = {};

  /**
   * @param distribution scratch, which layers may share
   */
  LayerLens(int units, Distribution distribution) {
    this.units = units;
    this.distribution = distribution;
    totals = new float[units];
    squares = new float[units];
    greatest = new float[units];
  }

  /**
   * The weighted sums of a training batch, if they are to be normalized.
   *
   * @param x rows × units
   */
  public void sums(float[][] x, int rows) {
    moments(x, rows);
    sumMean = mean(rows);
    sumSd = sd(rows);
  }

  /**
   * What enters the ReLU of a training batch.
   *
   * @param normalized whether these are other than the sums, which were shown before then
   */
  public void inputs(float[][] x, int rows, boolean normalized) {
    moments(x, rows);
    inputMean = mean(rows);
    inputSd = sd(rows);
    if (!normalized) {
      sumMean = inputMean;
      sumSd = inputSd;
    }
    dead = deadRatio(x, rows);
    distribution.clear();
    distribution.count(x, rows, units);
    low = distribution.quantile(LOW);
    median = distribution.quantile(0.5);
    high = distribution.quantile(HIGH);
  }

  /** The state of what normalizes the layer. */
  public void normalized(OfBatchNorm state) {
    batchNorm = state;
  }

  /** What enters the ReLU for test examples, of which the first {@value #TEST_ROWS} count. */
  public void testInputs(float[][] x, int rows) {
    distribution.clear();
    distribution.count(x, Math.min(rows, TEST_ROWS), units);
    histogram = distribution.histogram();
  }

  /** How the step has moved the layer's weights. */
  public void moved(double gradientNorm, double updateRatio) {
    this.gradientNorm = gradientNorm;
    this.updateRatio = updateRatio;
  }

  /** What was seen in the last training batch. */
  LayerSample sample() {
    return new LayerSample(
        rounded(sumMean),
        rounded(sumSd),
        rounded(inputMean),
        rounded(inputSd),
        rounded(low),
        rounded(median),
        rounded(high),
        rounded(dead),
        rounded(gradientNorm),
        rounded(updateRatio),
        batchNorm);
  }

  /** Bins of what {@link #testInputs} counted. */
  int[] histogram() {
    return histogram;
  }

  private void moments(float[][] x, int rows) {
    Arrays.fill(totals, 0);
    Arrays.fill(squares, 0);
    for (int r = 0; r < rows; r++) {
      Rows.add(totals, x[r], units);
      Rows.addProduct(squares, x[r], x[r], units);
    }
  }

  private double mean(int rows) {
    return total(totals) / rows / units;
  }

  private double sd(int rows) {
    double mean = mean(rows);
    double variance = total(squares) / rows / units - mean * mean;
    return variance < 0 ? 0 : Math.sqrt(variance);
  }

  private double deadRatio(float[][] x, int rows) {
    Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      Rows.max(greatest, x[r], units);
    }
    int off = 0;
    for (float most : greatest) {
      off += most <= 0 ? 1 : 0;
    }
    return (double) off / units;
  }

  private static double total(float[] values) {
    double total = 0;
    for (float value : values) {
      total += value;
    }
    return total;
  }

  /** The state of a layer's batch normalization from its gaps and its parameters. */
  public static OfBatchNorm ofBatchNorm(double meanGap, double sdGap, float[] gamma, float[] beta) {
    return new OfBatchNorm(
        rounded(meanGap),
        rounded(sdGap),
        rounded(least(gamma)),
        rounded(total(gamma) / gamma.length),
        rounded(greatest(gamma)),
        rounded(least(beta)),
        rounded(total(beta) / beta.length),
        rounded(greatest(beta)));
  }

  private static float least(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  private static float greatest(float[] values) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }

  /** To four digits, or five: more would only make the log longer. */
  static float rounded(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return (float) value;
    }
    // log₁₀ of the power of two at or below it: too small by less than one.
    int digits = (int) Math.floor(Math.getExponent(value) * LOG_OF_2);
    double unit = POWERS[Math.max(0, Math.min(POWERS.length - 1, 3 - digits + HALF))];
    return (float) (Math.rint(value * unit) / unit);
  }
}
