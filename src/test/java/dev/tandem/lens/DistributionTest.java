package dev.tandem.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How numbers are spread, at the ends of what there is. */
class DistributionTest {

  @Test
  void valuesBeyondAllBounds_areCountedAndTold() {
    float[][] x = {{Float.NaN, Float.POSITIVE_INFINITY, 1e30f, -1e30f, 0, -0f, 1e-30f, -1e-30f}};
    Distribution distribution = new Distribution();
    distribution.count(x, 1, 8);
    int[] bins = distribution.histogram();
    assertEquals(1, bins[0]);
    assertEquals(3, bins[bins.length - 1]);
    assertEquals(8, IntStream.of(bins).sum());
    assertEquals(Double.NEGATIVE_INFINITY, distribution.quantile(0.1));
    assertEquals(Double.POSITIVE_INFINITY, distribution.quantile(0.9));
    assertEquals(0, distribution.quantile(0.5), 1e-6);
  }
}
