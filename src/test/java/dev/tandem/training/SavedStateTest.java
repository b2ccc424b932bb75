package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.data.Examples;
import dev.tandem.lens.Learner;
import dev.tandem.nn.WeightsZip;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Normalization;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is stored of a training, in this version's form and in that of the one before. */
class SavedStateTest {
  private static final Examples EXAMPLES = Fixtures.images(40);
  private static Compute compute;

  @BeforeAll
  static void startCompute() {
    compute = Compute.start();
  }

  // ---- networks ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BATCH"})
  void network_ofEitherLayout_isTheSame_whicheverReadsIt(Normalization normalization)
      throws Exception {
    TrainingPlan plan = plan(normalization, 7, 5);
    try (Trainee step = step(plan);
        Trainee fit = fit(plan)) {
      train(step, plan);
      Fixtures.copy(step, fit, plan);
      byte[] byStep = TrainedNetwork.state(step);
      byte[] byFit = TrainedNetwork.state(fit);
      assertSameAnswers(step, read(byStep, plan), plan);
      assertSameAnswers(step, read(byFit, plan), plan);
      for (Layout layout : Layout.values()) {
        assertArrayEquals(read(byStep, plan).values(layout), read(byFit, plan).values(layout));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BATCH"})
  void network_ofTheVersionBefore_isReadInTheLayoutItWasWrittenIn(Normalization normalization)
      throws Exception {
    TrainingPlan plan = plan(normalization, 12, 8);
    try (Trainee step = step(plan);
        Trainee fit = fit(plan)) {
      train(step, plan);
      Fixtures.copy(step, fit, plan);
      for (Trainee writes : List.of(step, fit)) {
        ByteBuffer headless = ByteBuffer.allocate(writes.learner().savedBytes(false));
        writes.learner().save(headless, false);
        assertSameAnswers(step, read(headless.array(), plan), plan);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BATCH"})
  void zip_isByteForByteWhatDeepLearning4jWrites(Normalization normalization) throws Exception {
    // More than a part.
    TrainingPlan plan = plan(normalization, 60, 30);
    try (Trainee step = step(plan)) {
      train(step, plan);
      WeightsZip zip = Downloads.zip(plan, read(TrainedNetwork.state(step), plan));
      ByteArrayOutputStream parts = new ByteArrayOutputStream();
      while (!zip.isWhole()) {
        parts.write(zip.next());
      }
      assertEquals(zip.length(), parts.size());
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      ModelSerializer.writeModel(Fixtures.model(step, plan), expected, false);
      Map<String, byte[]> entries = entries(parts.toByteArray());
      entries(expected.toByteArray())
          .forEach((name, bytes) -> assertArrayEquals(bytes, entries.remove(name), name));
      assertTrue(entries.isEmpty(), entries::toString);
    }
  }

  @Test
  void network_thatIsDamagedOrAnother_isRefused_withASentence() {
    TrainingPlan plan = plan(Normalization.BATCH, 7, 5);
    try (Trainee step = step(plan)) {
      byte[] state = TrainedNetwork.state(step);
      for (int at : new int[] {8, 16, 17, 18, 24, state.length / 2, state.length - 1}) {
        byte[] damaged = state.clone();
        damaged[at] ^= 1;
        assertEquals(
            "The network that is kept of this training is damaged: its checksum is wrong.",
            whyNot(damaged, plan));
      }
      byte[] cut = ByteBuffer.allocate(state.length / 2).put(state, 0, state.length / 2).array();
      assertTrue(whyNot(cut, plan).contains("is damaged"), whyNot(cut, plan));
      assertTrue(whyNot(new byte[3], plan).contains("is damaged"));
      assertEquals(
          "The network that is kept of this training is of a network of 784-7-5-10 with BatchNorm,"
              + " and this one is 784-8-5-10 with BatchNorm.",
          whyNot(state, plan(Normalization.BATCH, 8, 5)));
      byte[] newer = state.clone();
      ByteBuffer.wrap(newer).putInt(4, 4);
      assertEquals(
          "The network that is kept of this training was written by a newer Tandem (form 4).",
          whyNot(newer, plan));
      byte[] checkpoint = Checkpoint.of(step, 1, 2, 3, 4);
      assertTrue(whyNot(checkpoint, plan).contains("is something else"));
    }
  }

  private static String whyNot(byte[] state, TrainingPlan plan) {
    return assertThrows(UnusableStateException.class, () -> read(state, plan)).getMessage();
  }

  // ---- checkpoints -------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void training_thatGoesOn_takesTheSameSteps(Normalization normalization) throws Exception {
    TrainingPlan plan = plan(normalization, 7, 5);
    try (Trainee unstopped = step(plan);
        Trainee next = step(plan);
        Trainee afterTheVersionBefore = step(plan)) {
      train(unstopped, plan);
      byte[] state = Checkpoint.of(unstopped, 3, 20, 5, 6);
      Checkpoint read = Checkpoint.read(state, unstopped.shape(), Layout.STEP, 2);
      assertEquals(3, read.epoch());
      assertEquals(20, read.iteration());
      assertEquals(5, read.elapsedNanos());
      assertEquals(6, read.epochNanos());
      next.learner().restore(read.state(), true);
      Checkpoint headless = Checkpoint.read(headless(unstopped), unstopped.shape(), Layout.STEP, 2);
      assertEquals(20, headless.iteration());
      afterTheVersionBefore.learner().restore(headless.state(), true);
      double loss = train(unstopped, plan);
      assertEquals(loss, train(next, plan));
      assertEquals(loss, train(afterTheVersionBefore, plan));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BATCH"})
  void checkpoint_ofTheOtherLayout_isRefused_alsoFromTheVersionBefore(Normalization normalization)
      throws Exception {
    TrainingPlan plan = plan(normalization, 7, 5);
    try (Trainee fit = fit(plan)) {
      fit.step(new BatchOrder(1, 40).next(), 0, 10);
      String why =
          "The checkpoint that is kept of this training was made by DeepLearning4J's fit, as on"
              + " CUDA, and this server trains with Tandem's own step, on the CPU.";
      for (byte[] state : List.of(Checkpoint.of(fit, 1, 1, 0, 0), headless(fit))) {
        assertEquals(
            why,
            assertThrows(
                    UnusableStateException.class,
                    () -> Checkpoint.read(state, fit.shape(), Layout.STEP, 2))
                .getMessage());
        assertEquals(1, Checkpoint.read(state, fit.shape(), Layout.FIT, 2).epoch());
      }
    }
  }

  @Test
  void checkpoint_thatIsDamaged_isRefused() {
    TrainingPlan plan = plan(Normalization.BATCH, 7, 5);
    try (Trainee step = step(plan)) {
      for (byte[] state : List.of(Checkpoint.of(step, 1, 2, 3, 4), headless(step))) {
        for (int at : new int[] {0, 8, 30, state.length / 2, state.length - 1}) {
          byte[] damaged = state.clone();
          damaged[at] ^= 1;
          assertThrows(
              UnusableStateException.class,
              () -> Checkpoint.read(damaged, step.shape(), Layout.STEP, 2));
        }
      }
    }
  }

  /** As the version before wrote it. */
  private static byte[] headless(Trainee trainee) {
    ByteBuffer out = ByteBuffer.allocate(2 * 4 + 3 * 8 + trainee.learner().savedBytes(true) + 8);
    out.putInt(2).putInt(1).putLong(20).putLong(5).putLong(6);
    trainee.learner().save(out, true);
    CRC32C checksum = new CRC32C();
    checksum.update(out.array(), 0, out.position());
    return out.putLong(checksum.getValue()).array();
  }

  // ---- common ------------------------------------------------------------------------------

  private static void assertSameAnswers(
      Trainee expected, TrainedNetwork network, TrainingPlan plan) {
    int rows = EXAMPLES.size();
    try (Learner trained = compute.trained(plan, network, rows)) {
      assertArrayEquals(
          expected.predictor().probabilities(EXAMPLES.features(), rows),
          new Predictor(trained, DatasetInfo.DIGITS.size(), rows)
              .probabilities(EXAMPLES.features(), rows));
      assertEquals(
          expected.evaluation().score(),
          new Evaluation(trained, network.shape(), EXAMPLES, plan).score());
    }
  }

  private static TrainedNetwork read(byte[] state, TrainingPlan plan)
      throws UnusableStateException {
    return TrainedNetwork.read(state, plan);
  }

  private static Trainee step(TrainingPlan plan) {
    return compute.trainee(plan, EXAMPLES, EXAMPLES, DatasetInfo.DIGITS.size());
  }

  private static Trainee fit(TrainingPlan plan) {
    return Trainee.create(Layout.FIT, plan, EXAMPLES, EXAMPLES, DatasetInfo.DIGITS.size());
  }

  /** Five epochs; the last step's loss. */
  private static double train(Trainee trainee, TrainingPlan plan) {
    BatchOrder order = new BatchOrder(1, EXAMPLES.size());
    double loss = Double.NaN;
    for (int epoch = 0; epoch < 5; epoch++) {
      int[] rows = order.next();
      for (int from = 0; from < rows.length; from += plan.batchSize()) {
        loss = trainee.step(rows, from, plan.batchSize());
      }
    }
    return loss;
  }

  private static TrainingPlan plan(Normalization normalization, int... hidden) {
    return new SettingsBuilder()
        .data(EXAMPLES.size(), EXAMPLES.size())
        .epochs(5)
        .batchSize(10)
        .learningRate(0.01)
        .hiddenLayers(java.util.Arrays.stream(hidden).boxed().toList())
        .seed(3)
        .variants(List.of(Variant.of(normalization)))
        .plan();
  }

  private static Map<String, byte[]> entries(byte[] zip) throws Exception {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }
}
