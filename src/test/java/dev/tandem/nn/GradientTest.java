package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way back of every layer against finite differences of its way forward: of a weighted sum of
 * what goes out, added up in float64.
 *
 * <p>The differences are central ones of fourth order, (8·(f(h) − f(−h)) − (f(2h) − f(−2h)))/12h,
 * whose error is h⁴/30 of the fifth derivative: with h = 2⁻⁵ some 10⁻⁷ of numbers about 1. What
 * float32 rounds, 6·10⁻⁸ of such a number, is divided by h: some 2·10⁻⁶ for each number that goes
 * out, of which there are {@value ROWS} × {@value UNITS}. So all together they are good for 10⁻⁴ of
 * the largest gradient, while a term that is missing or doubled is seen in the first digit.
 */
class GradientTest {
  private static final int ROWS = 6;
  private static final int UNITS = 5;
  private static final float STEP = 0x1p-5f;
  private static final double TOLERANCE = 1e-4;

  private interface Maker {
    Layer make(Parameters parameters);
  }

  static Stream<Arguments> layers() {
    List<Arguments> layers = new ArrayList<>();
    for (String name : Registry.normalizations()) {
      layers.add(arguments(name, p -> Registry.normalization(name).create(UNITS, ROWS, p)));
    }
    for (String name : Registry.activations()) {
      layers.add(arguments(name, p -> Registry.activation(name).create(UNITS, ROWS, p)));
    }
    layers.add(arguments("dropout", p -> new Dropout(0.4, 1, 0, UNITS, ROWS)));
    layers.add(arguments("dense", p -> new Dense(UNITS, 4, false, ROWS, p)));
    return layers.stream();
  }

  private static Arguments arguments(String name, Maker maker) {
    return Arguments.of(name, maker);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void backward_isWhatSmallChangesMake(String name, Maker maker) {
    Random random = new Random(1);
    try (Parameters parameters = new Parameters();
        Layer layer = maker.make(parameters)) {
      parameters.allocate();
      for (Parameters.Slice slice : parameters.slices()) {
        slice.set(numbers(slice.length(), random));
      }
      layer.begin(1);
      float[][] x = rows(UNITS, random);
      int out = layer.forward(x, ROWS, Mode.TRAINING)[0].length;
      float[][] weights = rows(out, random);
      float[][] byInput = copy(layer.backward(copy(weights), ROWS));
      double[][] expected = new double[ROWS][UNITS];
      for (int r = 0; r < ROWS; r++) {
        for (int i = 0; i < UNITS; i++) {
          float[] row = x[r];
          int at = i;
          float before = row[i];
          expected[r][i] = slope(before, value -> row[at] = value, layer, x, weights);
          row[i] = before;
        }
      }
      for (int r = 0; r < ROWS; r++) {
        check(name + " by its input, row " + r, expected[r], byInput[r], largest(expected));
      }
      for (Parameters.Slice slice : parameters.slices()) {
        checkParameters(name, slice, layer, x, weights);
      }
    }
  }

  private static void checkParameters(
      String name, Parameters.Slice slice, Layer layer, float[][] x, float[][] weights) {
    float[] found = slice.getGradients();
    float[] values = slice.get();
    double[] expected = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int at = i;
      Consumer<Float> set =
          value -> {
            float[] changed = values.clone();
            changed[at] = value;
            slice.set(changed);
          };
      expected[i] = slope(values[i], set, layer, x, weights);
      slice.set(values);
    }
    String what = name + " by parameters from " + slice.from();
    check(what, expected, found, largest(new double[][] {expected}));
  }

  private static void check(String what, double[] expected, float[] found, double largest) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], TOLERANCE * largest, what + ", number " + i);
    }
  }

  /** Of the weighted sum of what goes out, by one number. */
  private static double slope(
      float at, Consumer<Float> set, Layer layer, float[][] x, float[][] weights) {
    double near = difference(at, STEP, set, layer, x, weights);
    double far = difference(at, 2 * STEP, set, layer, x, weights);
    return (8 * near - far) / (12 * STEP);
  }

  private static double difference(
      float at, float step, Consumer<Float> set, Layer layer, float[][] x, float[][] weights) {
    set.accept(at + step);
    double above = sum(layer.forward(x, ROWS, Mode.TRAINING), weights);
    set.accept(at - step);
    return above - sum(layer.forward(x, ROWS, Mode.TRAINING), weights);
  }

  private static double sum(float[][] y, float[][] weights) {
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < weights[r].length; i++) {
        sum += (double) weights[r][i] * y[r][i];
      }
    }
    return sum;
  }

  @Test
  void crossEntropy_isWhatSmallChangesMake() {
    Random random = new Random(2);
    float[][] logits = rows(UNITS, random);
    byte[] labels = {0, 4, 2, 2, 1, 3};
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(UNITS);
    float[][] found = copy(logits);
    loss.gradient(found, labels, ROWS);
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < UNITS; i++) {
        double near = mean(logits, labels, r, i, STEP) - mean(logits, labels, r, i, -STEP);
        double far = mean(logits, labels, r, i, 2 * STEP) - mean(logits, labels, r, i, -2 * STEP);
        assertEquals((8 * near - far) / (12 * STEP), found[r][i], TOLERANCE / ROWS);
      }
    }
  }

  private static double mean(float[][] logits, byte[] labels, int row, int unit, float change) {
    float[][] changed = copy(logits);
    changed[row][unit] += change;
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(UNITS);
    loss.count(changed, labels, ROWS);
    return loss.score().loss();
  }

  /** Of both signs, and further from 0, where a rectifier has a kink, than any step goes. */
  private static float[] numbers(int count, Random random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (0.2f + 1.5f * random.nextFloat()) * (random.nextBoolean() ? 1 : -1);
    }
    return numbers;
  }

  private static float[][] rows(int units, Random random) {
    float[][] rows = new float[ROWS][];
    for (int r = 0; r < ROWS; r++) {
      rows[r] = numbers(units, random);
    }
    return rows;
  }

  private static float[][] copy(float[][] rows) {
    float[][] copy = new float[ROWS][];
    for (int r = 0; r < ROWS; r++) {
      copy[r] = rows[r].clone();
    }
    return copy;
  }

  private static double largest(double[][] numbers) {
    double largest = 0;
    for (double[] row : numbers) {
      for (double number : row) {
        largest = Math.max(largest, Math.abs(number));
      }
    }
    return largest;
  }
}
