package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every loss is smoothed, and only then left out. */
class SmoothedLinesTest {
  private static final int ITERATIONS = 50_000;
  private final float[] losses = new float[ITERATIONS];
  private final RunLog log = new RunLog();

  SmoothedLinesTest() {
    Random random = new Random(3);
    for (int i = 0; i < ITERATIONS; i++) {
      losses[i] = (float) (1 / Math.sqrt(i + 1) + Math.abs(random.nextGaussian()));
    }
    Run run =
        new Run(
            "r",
            RunStatus.RUNNING,
            Instant.EPOCH,
            null,
            null,
            null,
            null,
            new SettingsBuilder()
                .data(500, 10)
                .epochs(100)
                .batchSize(1)
                .learningRate(0.1)
                .hiddenLayers(List.of(4))
                .seed(1)
                .variants(List.of(new Variant("a", Map.of("normalization", Normalization.NONE))))
                .build(),
            List.of(
                new Training("a", 1, TrainingStatus.RUNNING, 0, 0, null, null, null, null, null)));
    log.append(run, new Steps(1, "a", 1, 1, losses, 0, null));
  }

  @Test
  void line_goesThroughTheAverageOfEveryLoss_whateverIsLeftOut() {
    for (double weight : new double[] {0, 0.5, 0.9, 0.99}) {
      double[] whole = smooth(weight);
      for (int points : new int[] {3, 100, 2000, 60_000}) {
        JsonObject answer = lines(weight, points);
        int stride = answer.getInteger("stride");
        int count = 0;
        int last = 0;
        double low = Double.MAX_VALUE;
        for (Object each : answer.getJsonArray("lines")) {
          JsonObject line = (JsonObject) each;
          for (int i = 0; i < line.getJsonArray("iterations").size(); i++) {
            int iteration = line.getJsonArray("iterations").getInteger(i);
            double value = line.getJsonArray("losses").getDouble(i);
            assertTrue(iteration > last);
            // Each multiple of the stride is there, so that lines can be compared place by place.
            assertEquals((iteration - 1) / stride, last / stride);
            assertEquals(whole[iteration - 1], value, 1e-6 * value);
            last = iteration;
            low = Math.min(low, value);
            count++;
          }
        }
        assertEquals(ITERATIONS, last);
        assertTrue(count <= points, count + " of " + points);
        assertEquals(java.util.stream.DoubleStream.of(whole).min().orElseThrow(), low, 1e-6);
      }
    }
  }

  private JsonObject lines(double weight, int points) {
    StringBuilder json = new StringBuilder();
    new SmoothedLines(log, weight, points).forEachRemaining(json::append);
    return new JsonObject(json.toString());
  }

  private double[] smooth(double weight) {
    double[] smoothed = new double[ITERATIONS];
    double sum = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      sum = weight * sum + (1 - weight) * losses[i];
      smoothed[i] = sum / (1 - Math.pow(weight, i + 1));
    }
    return smoothed;
  }
}
