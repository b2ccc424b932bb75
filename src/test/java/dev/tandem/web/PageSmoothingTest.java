package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** A smoothed loss is that of every loss, however few of them the page holds. */
class PageSmoothingTest extends PageFixture {
  private static final String[] VARIANTS = {"none", "batch"};

  @Test
  void comparison_endsWhereTheRunsPageEnds_atAnyWeight() {
    String id = endedRun("{\"batchSize\":4,\"epochs\":10,\"hiddenLayers\":[16],\"lens\":false}");
    for (double weight : new double[] {0.9, 0.98}) {
      double[] right = {end(id, "none", weight), end(id, "batch", weight)};
      show("#run=" + id + "&smooth=" + weight + "&compare=" + id);
      page.waitForFunction("() => tandem.compared().length === 2");
      for (int i = 0; i < 2; i++) {
        awaitEnd(VARIANTS[i], right[i]);
        assertEquals(right[i], value("tandem.compared()[" + i + "]"), 1e-6);
      }
    }
  }

  @Test
  void thinnedRun_isSmoothedOverEveryLoss_alsoWhereOneLooksClosely() {
    String id =
        endedRun(
            "{\"trainingExamples\":120,\"testExamples\":10,\"epochs\":1000,\"batchSize\":2,"
                + "\"hiddenLayers\":[1],\"learningRate\":0.0001,\"lens\":false}");
    for (double weight : new double[] {0.9, 0.99}) {
      show("#run=" + id + "&smooth=" + weight);
      page.waitForFunction("() => tandem.points('none') > 0");
      assertTrue(number("tandem.points('none')") < 60_000);
      awaitEnd("none", end(id, "none", weight));
    }
    // By the control, without loading anew.
    page.locator("#smooth").fill("0.5");
    awaitEnd("none", end(id, "none", 0.5));
    int before = number("tandem.smoothed('none')");
    page.evaluate("tandem.zoom([40000, 40999])");
    page.waitForFunction("before => tandem.smoothed('none') > before + 500", before);
  }

  private void awaitEnd(String variant, double right) {
    String expression = "right => Math.abs(tandem.lossEnd('%s') - right) < 1e-6".formatted(variant);
    page.waitForFunction(expression, right);
  }

  private double value(String expression) {
    return ((Number) page.evaluate(expression)).doubleValue();
  }

  /** The debiased average of every loss, at the last. */
  private static double end(String id, String variant, double weight) {
    double sum = 0;
    int count = 0;
    for (Object each : server.events(id)) {
      JsonObject event = (JsonObject) each;
      if (event.getString("type").equals("steps") && event.getString("variant").equals(variant)) {
        JsonArray losses = event.getJsonArray("losses");
        for (int i = 0; i < losses.size(); i++) {
          sum = weight * sum + (1 - weight) * losses.getDouble(i);
          count++;
        }
      }
    }
    return sum / (1 - Math.pow(weight, count));
  }
}
