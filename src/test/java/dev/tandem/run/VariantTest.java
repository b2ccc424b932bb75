package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variants as patches: what they are called, what they come to, and what can't be. */
class VariantTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"normalization":"none"}; {"normalization":"batch"} | none; batch
          {"normalization":"none","learningRate":0.001}; {"normalization":"batch","learningRate":0.02} | none; batch
          {}; {"normalization":"layer"} | none; layer
          {"optimizer":"sgd","learningRate":0.1}; {"optimizer":"adam"} | SGD, 0.1; Adam
          {"learningRate":0.00001}; {"learningRate":10} | 0.00001; 10
          {"optimizer":"sgd"}; {"optimizer":"momentum","momentum":0.5} | SGD; momentum, momentum 0.5
          {"activation":"tanh"}; {"activation":"tanh","normalization":"batch"} | none; batch
          {"dropout":0.5}; {} | dropout 0.5; dropout 0
          {"batchSize":1}; {"hiddenLayers":[32,32]}; {"weightDecay":0.01}; {} | batches of 1; 32-32; decay 0.01; baseline
          {"initialScale":0.1}; {"initialScale":0.1}; {} | scale 0.1; scale 0.1 2; scale 1
          {}; {} | none; none 2
          {"name":"batch","normalization":"none"}; {"normalization":"batch"} | batch; batch 2
          {"normalization":"batch"}; {"normalization":"batch"} | batch; batch 2
          {"optimizer":"rmsprop"}; {"activation":"gelu"} | RMSprop; GELU
          {"optimizer":"nesterov"}; {"optimizer":"adamw"}; {"activation":"sigmoid"} | Nesterov; AdamW; sigmoid
          """)
  void names_comeFromWhatDiffers_andAreUnique(String variants, String names) {
    RunSettings settings = read("{\"variants\":[" + variants.replace(';', ',') + "]}");
    assertEquals(
        Arrays.stream(names.split(";")).map(String::strip).toList(),
        settings.variants().stream().map(Variant::name).toList());
    assertEquals(Map.of(), settings.faults());
    assertEquals(settings, read(Json.text(settings)));
  }

  @Test
  void names_thatWouldBeLong_areCut_andStillUnique() {
    List<Integer> deep = IntStream.range(0, 16).mapToObj(layer -> 100).toList();
    RunSettings settings =
        read("{\"variants\":[{\"hiddenLayers\":%1$s},{\"hiddenLayers\":%1$s},{}]}".formatted(deep));
    List<String> names = settings.variants().stream().map(Variant::name).toList();
    assertEquals("100-100-100-100-100-100-100-100-100-…", names.get(0));
    assertEquals(names.get(0) + " 2", names.get(1));
    assertTrue(names.stream().allMatch(name -> name.length() <= 40), names.toString());
  }

  @Test
  void patch_isResolvedOverTheRunsOwnValues() {
    RunSettings settings =
        read(
            """
            {"optimizer":"momentum","momentum":0.8,"learningRate":0.05,"batchSize":50,"seed":7,
             "activation":"tanh","initialScale":0.5,"variants":[
             {"name":"as it is"},
             {"name":"other","optimizer":"adamw","weightDecay":0.01,"batchSize":7,
              "hiddenLayers":[8],"dropout":0.25,"normalization":"layer"}]}""");
    TrainingPlan asIs = settings.plan(new TrainingId("as it is", 1));
    assertEquals(new OptimizerSettings(Optimizer.MOMENTUM, 0.05, 0.8, 0), asIs.optimizer());
    assertEquals(50, asIs.batchSize());
    assertEquals(1000, asIs.iterations());
    TrainingPlan other = settings.plan(new TrainingId("other", 3));
    assertEquals(new OptimizerSettings(Optimizer.ADAMW, 0.05, 0.8, 0.01), other.optimizer());
    assertEquals(
        new NetworkSettings(
            NetworkFamily.MLP, List.of(8), Activation.TANH, Normalization.LAYER, 0.25, 0.5),
        other.network());
    assertEquals(List.of(128, 64), other.hiddenLayersOfRun());
    assertEquals(9, other.seed());
    assertEquals(715, other.iterationsPerEpoch());
    assertEquals(5000 + 14, other.examplesAfter(717));
    assertEquals(7150, other.iterations());
  }

  @Test
  void sameNumber_writtenInAnotherWay_isTheSameVariant() {
    assertEquals(
        read("{\"variants\":[{\"learningRate\":1,\"hiddenLayers\":[4]},{}]}"),
        read("{\"variants\":[{\"hiddenLayers\":[4],\"learningRate\":1.0},{}]}"));
    JsonNode json =
        Json.read(Json.write(new Variant("a", Map.of("learningRate", 1))), JsonNode.class);
    assertEquals("{\"name\":\"a\",\"learningRate\":1.0}", json.toString());
  }

  @Test
  void fieldThatIsSharedByAll_canNotBeChanged() {
    assertThrows(IllegalArgumentException.class, () -> new Variant("a", Map.of("epochs", 3)));
    assertThrows(IllegalArgumentException.class, () -> read("{\"variants\":[{\"seed\":3},{}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"momentum":0.5} | momentum | applies only where the optimizer is momentum or nesterov, as in no variant of this run
          {"momentum":0.9} | |
          {"momentum":0.5,"variants":[{"optimizer":"nesterov"},{}]} | |
          {"variants":[{},{"momentum":0.9}]} | variants[1].momentum | applies only where the optimizer is momentum or nesterov, as it isn't in this variant
          {"optimizer":"momentum","variants":[{},{"momentum":0.5}]} | |
          {"weightDecay":0.1,"variants":[{"optimizer":"sgd"},{"optimizer":"adamw"}]} | |
          {"batchSize":1,"variants":[{},{"normalization":"layer"}]} | |
          {"batchSize":1,"variants":[{},{"normalization":"batch"}]} | batchSize | must be at least 2: batch normalization can't normalize a batch of one
          {"normalization":"batch","variants":[{},{"batchSize":1}]} | variants[1].batchSize | must be at least 2: batch normalization can't normalize a batch of one
          {"normalization":"batch","variants":[{},{"batchSize":1,"normalization":"layer"}]} | |
          {"normalization":"batch","variants":[{},{"batchSize":4999}]} | variants[1].batchSize | leaves one example for the last batch of an epoch (5,000 = 1 × 4,999 + 1), and batch normalization can't normalize a batch of one
          {"variants":[{},{"hiddenLayers":[4096,4096]}]} | variants[1].hiddenLayers | make a network of 20,037,642 parameters; at most 10,000,000 are possible
          {"trainingExamples":60000,"epochs":100,"variants":[{},{"batchSize":1}]} | variants[1].batchSize | asks for 6,000,000 iterations; at most 1,000,000 are possible
          {"trainingExamples":60000,"epochs":16,"repeats":5,"variants":[{},{"batchSize":1}]} | repeats | make 4,880,000 iterations over all trainings; at most 4,000,000 are possible
          """)
  void fault_isSaid_whereItIsBestMended(String json, String field, String message) {
    assertEquals(field == null ? Map.of() : Map.of(field, message), read(json).faults());
  }

  @Test
  void faults_ofSeveralVariants_areSaidTogether() {
    assertEquals(
        List.of("variants[0].momentum", "variants[1].batchSize", "variants[2].name"),
        read(
                """
                {"variants":[{"name":"a","momentum":0.1},{"batchSize":1,"normalization":"batch"},
                 {"name":"a"}]}""")
            .faults()
            .keySet()
            .stream()
            .toList());
  }

  private static RunSettings read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), RunSettings.class);
  }
}
