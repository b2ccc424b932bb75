package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Settings and their JSON: flat, with defaults for what older ones don't say. */
class RunSettingsTest {
  /** As a run of the version before has it. */
  private static final String STORED =
      """
      {"dataset":"mnist","trainingExamples":600,"testExamples":100,"epochs":3,"batchSize":20,\
      "learningRate":0.01,"hiddenLayers":[16,8],"seed":5,"variants":[{"name":"none",\
      "normalization":"none"},{"name":"fast","normalization":"batch","learningRate":0.1}],\
      "repeats":2,"lens":true,"trainModeTest":true,"iterationsPerSecond":20.0}""";

  @Test
  void settings_areOneFlatObjectInJson() {
    JsonNode flat = Json.read(Json.write(read(STORED)), JsonNode.class);
    Set<String> fields = new TreeSet<>();
    flat.fieldNames().forEachRemaining(fields::add);
    Set<String> before = new TreeSet<>();
    Json.read(STORED.getBytes(StandardCharsets.UTF_8), JsonNode.class)
        .fieldNames()
        .forEachRemaining(before::add);
    before.addAll(
        Set.of(
            "network",
            "activation",
            "normalization",
            "dropout",
            "initialScale",
            "optimizer",
            "momentum",
            "weightDecay"));
    assertEquals(before, fields);
    assertEquals(read(STORED), read(flat.toString()));
  }

  @Test
  void storedSettings_meanWhatTheyMeant() {
    RunSettings settings = read(STORED);
    assertEquals(new DataSettings("mnist", 600, 100), settings.data());
    assertEquals(List.of(16, 8), settings.network().hiddenLayers());
    assertEquals(0.01, settings.optimizer().learningRate());
    assertEquals(new Schedule(20, 3, 5, 2, 20.0), settings.schedule());
    assertEquals(new Watching(true, true), settings.watching());
    TrainingPlan fast = settings.plan(new TrainingId("fast", 2));
    assertEquals(Normalization.BATCH, fast.network().normalization());
    assertEquals(OptimizerSettings.adam(0.1), fast.optimizer());
    assertEquals(6, fast.seed());
    TrainingPlan none = settings.plan(new TrainingId("none", 1));
    assertEquals(NetworkSettings.mlp(List.of(16, 8), Normalization.NONE), none.network());
    assertEquals(OptimizerSettings.adam(0.01), none.optimizer());
    assertEquals(20, none.batchSize());
  }

  @Test
  void settingsOfTheFirstVersion_haveOneRepeatAndNoLens() {
    RunSettings settings =
        read(
            """
            {"dataset":"mnist","trainingExamples":600,"testExamples":100,"epochs":3,"batchSize":20,\
            "learningRate":0.01,"hiddenLayers":[16,8],"seed":5,"variants":[]}""");
    assertEquals(1, settings.schedule().repeats());
    assertNull(settings.schedule().iterationsPerSecond());
    assertFalse(settings.watching().lens());
  }

  private static RunSettings read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), RunSettings.class);
  }
}
