package dev.tandem.lens;

import java.util.Arrays;

/**
 * How numbers are spread, counted in cells that are narrow near 0 and wide far from it: {@value
 * #PARTS} to each doubling of the size, from 2⁻²⁴ to 2⁴⁰. A cell is read off a number's bits, which
 * takes about a nanosecond; sorting would take a hundred.
 */
final class Distribution {
  private static final int PARTS = 32;
  private static final int MANTISSA_BITS = 5;
  private static final int SHIFT = 23 - MANTISSA_BITS;
  private static final int LEAST_EXPONENT = -24;
  private static final int DOUBLINGS = 64;
  private static final int FIRST = (LEAST_EXPONENT + 127) << MANTISSA_BITS;

  /** Cells of one sign: the first is all below 2⁻²⁴, the last all from 2⁴⁰ on. */
  private static final int CELLS = DOUBLINGS * PARTS + 2;

  /** Bins of one sign in a histogram, as narrow as 0.05 near 0, up to 50. */
  private static final int BINS = 30;

  private static final float[] EDGES = edges();

  private final int[] counts = new int[2 * CELLS];
  private long total;

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  /** Counts the first numbers of each row. */
  void count(float[][] values, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      count(values[r], columns);
    }
    total += (long) rows * columns;
  }

  private void count(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      counts[cell(values[i])]++;
    }
  }

  /** NaN counts as far beyond. */
  private static int cell(float value) {
    int bits = Float.floatToRawIntBits(value);
    int size = ((bits & Integer.MAX_VALUE) >> SHIFT) - FIRST + 1;
    int cell = Math.max(0, Math.min(CELLS - 1, size));
    return bits < 0 ? CELLS - 1 - cell : CELLS + cell;
  }

  /** The size at which a cell of one sign begins. */
  private static double begin(int cell) {
    if (cell == 0) {
      return 0;
    }
    if (cell >= CELLS) {
      return Double.POSITIVE_INFINITY;
    }
    int part = (cell - 1) % PARTS;
    return Math.scalb(1 + (double) part / PARTS, LEAST_EXPONENT + (cell - 1) / PARTS);
  }

  /** The limits of a cell of either sign, the lower one first. */
  private static double lower(int cell) {
    return cell < CELLS ? -begin(CELLS - cell) : begin(cell - CELLS);
  }

  private static double upper(int cell) {
    return cell < CELLS ? -begin(CELLS - 1 - cell) : begin(cell - CELLS + 1);
  }

  /**
   * The number below which a share of all lies, within a part in {@value #PARTS} of itself;
   * infinite where that is beyond all cells.
   */
  double quantile(double share) {
    double wanted = share * total;
    long below = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      if (counts[cell] > 0 && below + counts[cell] >= wanted) {
        double part = (wanted - below) / counts[cell];
        double low = lower(cell);
        double high = upper(cell);
        return Double.isInfinite(low) || Double.isInfinite(high)
            ? low + high
            : low + part * (high - low);
      }
      below += counts[cell];
    }
    return Double.NaN;
  }

  /** How many lie below the first edge, from each edge up to the next, and from the last one on. */
  int[] histogram() {
    int[] bins = new int[EDGES.length + 1];
    int bin = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      while (bin < EDGES.length && lower(cell) >= EDGES[bin]) {
        bin++;
      }
      bins[bin] += counts[cell];
    }
    return bins;
  }

  /** Limits of a histogram's bins, each the limit of a cell too: about 0.25·sinh(k/5). */
  private static float[] edges() {
    float[] edges = new float[2 * BINS + 1];
    for (int k = 1; k <= BINS; k++) {
      double wanted = 0.25 * StrictMath.sinh(k / 5.0);
      float edge = (float) begin(cell((float) wanted) - CELLS);
      edges[BINS + k] = edge;
      edges[BINS - k] = -edge;
    }
    return edges;
  }

  static float[] histogramEdges() {
    return EDGES.clone();
  }
}
