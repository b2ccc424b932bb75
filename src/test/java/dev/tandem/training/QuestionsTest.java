package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.data.Examples;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asking a network while it is trained. */
class QuestionsTest {
  private static final Examples IMAGE = Fixtures.random(1, 9);

  @BeforeAll
  static void startCompute() {
    Compute.start();
  }

  @ParameterizedTest
  @EnumSource
  void losses_areTheSameBits_whetherAskedOrNot(Normalization normalization) {
    float[] alone = losses(normalization, false);
    assertArrayEquals(alone, losses(normalization, true));
  }

  private static float[] losses(Normalization normalization, boolean asked) {
    try (Trainee trainee = trainee(normalization)) {
      Questions questions = new Questions();
      questions.open(1);
      int[] order = new BatchOrder(1, 100).next();
      float[] losses = new float[200];
      for (int i = 0; i < losses.length; i++) {
        CompletableFuture<Optional<Seen>> answer = asked ? questions.ask(IMAGE) : null;
        questions.answer(trainee.predictor(), i);
        if (asked) {
          assertEquals(i, answer.join().orElseThrow().iteration());
        }
        int from = i % 4 * 30;
        losses[i] = (float) trainee.step(order, from, Math.min(30, 100 - from));
        if (i % 50 == 49) {
          trainee.trainingScore();
          trainee.evaluation().score();
        }
      }
      return losses;
    }
  }

  @Test
  void probabilities_areADistribution_andChangeWhileItLearns() {
    try (Trainee trainee = trainee(Normalization.BATCH)) {
      Questions questions = new Questions();
      questions.open(1);
      float[] before = ask(questions, trainee);
      trainee.step(new BatchOrder(1, 100).next(), 0, 30);
      float[] after = ask(questions, trainee);
      assertEquals(5, after.length);
      float sum = 0;
      for (float probability : after) {
        assertTrue(probability >= 0 && probability <= 1);
        sum += probability;
      }
      assertEquals(1, sum, 1e-5);
      assertFalse(java.util.Arrays.equals(before, after));
    }
  }

  private static float[] ask(Questions questions, Trainee trainee) {
    CompletableFuture<Optional<Seen>> answer = questions.ask(IMAGE);
    questions.answer(trainee.predictor(), 0);
    return answer.join().orElseThrow().probabilities();
  }

  @Test
  void seventeenthQuestion_isRefused_andTheOthersAreAnswered() {
    try (Trainee trainee = trainee(Normalization.NONE)) {
      Questions questions = new Questions();
      questions.open(1);
      List<CompletableFuture<Optional<Seen>>> asked =
          java.util.stream.IntStream.range(0, 17).mapToObj(i -> questions.ask(IMAGE)).toList();
      assertTrue(asked.get(16).join().orElseThrow().unavailable().contains("Too many"));
      assertFalse(asked.get(15).isDone());
      questions.answer(trainee.predictor(), 7);
      for (var answer : asked.subList(0, 16)) {
        assertEquals(7, answer.join().orElseThrow().iteration());
      }
      assertFalse(questions.ask(IMAGE).isDone());
    }
  }

  @Test
  void beforeAndAfterTheTraining_thereIsNoAnswer() {
    Questions questions = new Questions();
    assertTrue(questions.ask(IMAGE).join().orElseThrow().unavailable().contains("not begun"));
    assertTrue(questions.tested().unavailable().contains("not begun"));
    questions.open(3);
    assertTrue(questions.tested().unavailable().contains("end of epoch 3"));
    var waiting = questions.ask(IMAGE);
    questions.close();
    assertTrue(waiting.join().isEmpty());
    assertTrue(questions.ask(IMAGE).join().isEmpty());
  }

  private static Trainee trainee(Normalization normalization) {
    Variant variant = Variant.of(normalization);
    TrainingPlan plan =
        new SettingsBuilder()
            .data(100, 40)
            .epochs(1)
            .batchSize(30)
            .learningRate(0.001)
            .hiddenLayers(List.of(16, 8))
            .seed(3)
            .variants(List.of(variant))
            .plan();
    return Compute.start().trainee(plan, Fixtures.random(100, 1), Fixtures.random(40, 2), 5);
  }
}
