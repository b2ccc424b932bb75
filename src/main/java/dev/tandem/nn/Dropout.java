package dev.tandem.nn;

/**
 * Inverted dropout: in training each number becomes 0 with a probability p, and is divided by 1 − p
 * otherwise; in evaluation all pass, and so they do with the statistics of a batch, which is about
 * normalization alone. What is dropped depends on seed, layer, step and place in the batch, and on
 * nothing drawn before: a resumed training drops the same.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014, section
 *     10</a>
 */
public final class Dropout implements Layer {
  /** Keeps this stream apart from others of the same seed. */
  private static final long STREAM = 0x64726f706f7574L;

  private final int units;
  private final long layerKey;

  /** Of 2³¹ numbers, those below it drop what they are drawn for. */
  private final int threshold;

  /** The factor of what is kept, and of what is dropped. */
  private final float[] factors;

  private final int[] drawn;

  /** 0 or 1/(1 − p); rows × units. */
  private final float[][] mask;

  private final float[][] output;
  private int key;
  private int secondKey;

  /**
   * @param rate p, from 0 to less than 1
   * @param layer a number that no other dropout layer of the network has
   * @param maxRows the largest batch
   */
  Dropout(double rate, long seed, int layer, int units, int maxRows) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a rate of " + rate + " is not in [0, 1)");
    }
    this.units = units;
    layerKey = StreamKey.of(StreamKey.of(seed, STREAM), layer);
    threshold = (int) Math.min(Math.round(rate * 0x1p31), Integer.MAX_VALUE);
    factors = new float[] {(float) (1 / (1 - rate)), 0};
    drawn = new int[units];
    mask = new float[maxRows][units];
    output = new float[maxRows][units];
  }

  @Override
  public void begin(long step) {
    long stepKey = StreamKey.of(layerKey, step);
    key = (int) stepKey;
    secondKey = (int) (stepKey >>> 32);
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode) {
    if (mode != Mode.TRAINING) {
      return x;
    }
    for (int r = 0; r < rows; r++) {
      draw(drawn, r * units + key, secondKey, units);
      choose(mask[r], drawn);
      Rows.product(output[r], x[r], mask[r], units);
    }
    return output;
  }

  @Override
  public float[][] backward(float[][] gradient, int rows) {
    for (int r = 0; r < rows; r++) {
      Rows.multiply(gradient[r], mask[r], units);
    }
    return gradient;
  }

  @Override
  public long heapBytesPerRow() {
    return 2 * Rows.bytes(units);
  }

  /** The numbers from {@code from} on, each mixed well: MurmurHash3's last steps, twice keyed. */
  private static void draw(int[] into, int from, int secondKey, int count) {
    for (int i = 0; i < count; i++) {
      int x = from + i;
      x = (x ^ (x >>> 16)) * 0x85ebca6b;
      x = (x ^ (x >>> 13) ^ secondKey) * 0xc2b2ae35;
      into[i] = x ^ (x >>> 16);
    }
  }

  /** By a table: a branch would be guessed wrong, at worst half the time. */
  private void choose(float[] into, int[] numbers) {
    for (int i = 0; i < into.length; i++) {
      into[i] = factors[((numbers[i] >>> 1) - threshold) >>> 31];
    }
  }
}
