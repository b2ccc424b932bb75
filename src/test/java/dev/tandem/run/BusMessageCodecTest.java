package dev.tandem.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.LayerSample.OfBatchNorm;
import dev.tandem.run.RunEvent.Data;
import dev.tandem.run.RunEvent.Label;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that really travel: to bytes and back. */
class BusMessageCodecTest {
  private static final RunSettings SETTINGS =
      new SettingsBuilder()
          .data(100, 10)
          .epochs(1)
          .batchSize(10)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .variants(
              List.of(
                  new Variant(
                      "a", Map.of("normalization", Normalization.NONE, "learningRate", 0.5)),
                  new Variant("b", Map.of("normalization", Normalization.BATCH))))
          .build();
  private static final Run RUN =
      Run.queued("id", Instant.parse("2026-11-22T12:00:00.123Z"), SETTINGS);

  private static final LayerSample SAMPLE =
      new LayerSample(0.1f, 1.25f, 0.1f, 1.25f, -1, 0, 1, 0.5f, Float.NaN, 1e-3f, null);
  private static final LayerSample NORMALIZED =
      new LayerSample(
          3, 1, 0, 1, -1, 0, 1, 0, 2, 3, new OfBatchNorm(0.1f, 0.2f, 0.9f, 1, 1.1f, -1, 0, 1));

  static Stream<BusMessage> messages() {
    return Stream.of(
        new BusMessage.Submit(SETTINGS, null),
        new BusMessage.Submit(SETTINGS, "key"),
        new StoreMessage.ForKey("key"),
        new BusMessage.ForRun("id"),
        new BusMessage.ListRuns(5, null),
        new BusMessage.OneRun(RUN),
        new BusMessage.ListRuns(
            new RunQuery(
                "é",
                Set.of(RunStatus.FAILED),
                RunQuery.Order.ACCURACY,
                true,
                new RunQuery.Place("0.5", "id"),
                9)),
        new BusMessage.ManyRuns(List.of(RUN), 7, 12, new RunQuery.Place(null, "id")),
        new StoreMessage.ReadLast(20),
        new StoreMessage.LastOfRuns(List.of(new StoreMessage.Events(RUN, List.of()))),
        new BusMessage.Start(
            "id", new TrainingId("a", 2), SETTINGS.plan(new TrainingId("a", 2)), 2.5, true),
        new BusMessage.Recover(false),
        new BusMessage.Stop("id", TrainingStatus.CANCELLED),
        new BusMessage.Progress(
            "id",
            List.of(
                new EpochEnd(0, "a", 1, 1, 10, 0.5, 0.8, Double.NaN, 0.7, 1.5, 1000),
                new TrainingChange(0, "a", 1, TrainingStatus.FAILED, "why"),
                new Layers(0, "a", 1, 7, List.of(SAMPLE, NORMALIZED)))),
        new BusMessage.Happened(RUN, new RunChange(3, RunStatus.RUNNING, Instant.EPOCH)),
        new BusMessage.News(
            List.of(
                new BusMessage.Happened(RUN, new RunChange(3, RunStatus.RUNNING, Instant.EPOCH)))),
        new BusMessage.Happened(RUN, new Label(4, "name", null, Instant.EPOCH)),
        new BusMessage.Happened(RUN, new RunEvent.PaceChange(5, null, Instant.EPOCH)),
        new BusMessage.Happened(
            RUN.after(new RunEvent.PaceChange(5, 2.5, Instant.EPOCH))
                .after(new RunEvent.CancelRequest(6, Instant.EPOCH)),
            new RunEvent.CancelRequest(6, Instant.EPOCH)),
        new StoreMessage.Append(List.of(), Map.of("id", "key"), 500L),
        new BusMessage.Relabel("id", "", null, Set.of("tag")),
        new BusMessage.Relabel("id", null, "x", null),
        new BusMessage.Pace("id", 2.5),
        new BusMessage.Pace("id", null),
        new BusMessage.Removed("id"),
        new BusMessage.Backend("cpu", "why", true),
        new StoreMessage.Append(
            List.of(
                new BusMessage.Happened(RUN, new RunChange(3, RunStatus.RUNNING, Instant.EPOCH)))),
        new StoreMessage.ReadEvents("id", 7, 100),
        new StoreMessage.Events(RUN, List.of(new RunChange(3, RunStatus.RUNNING, Instant.EPOCH))),
        new StoreMessage.Stored(RUN, 9),
        new StoreMessage.ManyStored(List.of(new StoreMessage.Stored(RUN, 9))),
        new BusMessage.ForTraining("id", new TrainingId("a", 1)),
        new BusMessage.AskRoom(SETTINGS),
        new BusMessage.Room("batchSize", "needs too much"),
        BusMessage.Room.ENOUGH,
        new BusMessage.OpenModel(
            new BusMessage.ForTraining("id", new TrainingId("a", 1)), ModelFormat.NPZ),
        BusMessage.OpenedModel.ready("download", 7_000_000_000L),
        BusMessage.OpenedModel.lacking("why"),
        new BusMessage.ForModel("download"),
        new StoreMessage.StoreState("full"),
        BusMessage.Seen.unavailable("why"),
        BusMessage.TestAnswers.unavailable("why"),
        new BusMessage.ReadImages("mnist", 5, 10, null),
        new BusMessage.ReadImages("mnist", 5, 10, RUN),
        new BusMessage.ListDatasets(),
        new BusMessage.ManyDatasets(
            List.of(
                new DatasetInfo(
                    "pets",
                    "Pets",
                    DatasetInfo.IMAGE,
                    List.of("cat", "dog"),
                    12,
                    2,
                    28,
                    28,
                    List.of(-1f, 1f),
                    DatasetInfo.Place.FOLDER,
                    null,
                    "a folder",
                    "why"))),
        new BusMessage.OnData("id", new DataFingerprint("aa", "bb", List.of("cat", "dog"))),
        new BusMessage.OnData("id", new DataFingerprint("aa", "bb")),
        new BusMessage.Held("id", new TrainingId("a", 1), "why"),
        new BusMessage.OneRun(RUN.after(new Data(2, new DataFingerprint("aa", "bb")))),
        new BusMessage.Happened(RUN, new Data(2, new DataFingerprint("aa", "bb"))),
        BusMessage.Images.unavailable("why"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void message_comesBackEqual(BusMessage message) {
    assertEquals(message, thereAndBack(message));
  }

  @Test
  void everyKindOfMessage_isTried() {
    assertEquals(
        kinds(BusMessage.class).collect(Collectors.toSet()),
        Stream.concat(
                messages().map(Object::getClass),
                Stream.of(
                    BusMessage.Keep.class,
                    BusMessage.Kept.class,
                    BusMessage.ModelPart.class,
                    BusMessage.Ask.class))
            .collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> kinds(Class<?> of) {
    return of.isSealed()
        ? Stream.of(of.getPermittedSubclasses()).flatMap(BusMessageCodecTest::kinds)
        : Stream.of(of);
  }

  @Test
  void losses_comeBackBitForBit_andWhatIsNotFiniteAsNotANumber() {
    float[] losses = {2.3025851f, Float.MIN_VALUE, 1e-7f, Float.NaN, Float.POSITIVE_INFINITY};
    Steps steps = new Steps(4, "a", 1, 7, losses, 1.5, new float[] {0.001f});
    var progress =
        (BusMessage.Progress) thereAndBack(new BusMessage.Progress("id", List.of(steps)));
    Steps back = (Steps) progress.events().get(0);
    assertArrayEquals(
        new float[] {2.3025851f, Float.MIN_VALUE, 1e-7f, Float.NaN, Float.NaN}, back.losses());
    assertArrayEquals(steps.seconds(), back.seconds());
    assertEquals(7, back.from());
  }

  @Test
  void histograms_comeBackAsTheyWere() {
    Histograms of =
        new Histograms(0, "a", 1, 2, new float[] {-0.5f, 0, 0.5f}, new int[][] {{1, 2, 3, 4}, {}});
    Histograms back =
        (Histograms)
            ((BusMessage.Progress) thereAndBack(new BusMessage.Progress("id", List.of(of))))
                .events()
                .get(0);
    assertArrayEquals(of.edges(), back.edges());
    assertArrayEquals(of.counts(), back.counts());
    assertEquals(2, back.epoch());
  }

  @Test
  void states_comeBackByteForByte() {
    byte[] state = {0, -1, 127, -128};
    var keep =
        (BusMessage.Keep) thereAndBack(new BusMessage.Keep("id", new TrainingId("a", 1), state));
    assertArrayEquals(state, keep.state());
    assertArrayEquals(
        state, ((BusMessage.Kept) thereAndBack(new BusMessage.Kept(RUN, state))).state());
    var part = (BusMessage.ModelPart) thereAndBack(new BusMessage.ModelPart(state, true));
    assertArrayEquals(state, part.bytes());
    assertTrue(part.last());
  }

  @Test
  void questionsAndAnswers_comeBackByteForByte() {
    TrainingId training = new TrainingId("a", 2);
    byte[] pixels = {0, -1, 127};
    var ask = (BusMessage.Ask) thereAndBack(new BusMessage.Ask("id", training, pixels));
    assertEquals(training, ask.training());
    assertArrayEquals(pixels, ask.pixels());
    float[] probabilities = {0.25f, 1e-30f, Float.NaN};
    var seen = (BusMessage.Seen) thereAndBack(new BusMessage.Seen(7, probabilities, null));
    assertArrayEquals(probabilities, seen.probabilities());
    var tested =
        (BusMessage.TestAnswers)
            thereAndBack(new BusMessage.TestAnswers(3, new byte[] {9}, new byte[] {4}, null));
    assertArrayEquals(new byte[] {4}, tested.predicted());
    var images =
        (BusMessage.Images)
            thereAndBack(new BusMessage.Images(pixels, new byte[] {9}, DatasetInfo.DIGITS, null));
    assertArrayEquals(pixels, images.pixels());
  }

  @Test
  void epochStoredBeforeThereWasATrainModeTest_isStillRead() {
    String stored =
        "{\"type\":\"epoch\",\"seq\":9,\"variant\":\"a\",\"repeat\":1,\"epoch\":1,\"iteration\":84,"
            + "\"trainLoss\":0.6,\"trainAccuracy\":0.8,\"testLoss\":0.4,\"testAccuracy\":0.9,"
            + "\"elapsedSeconds\":0.3,\"examplesPerSecond\":29000.0}";
    var end = (EpochEnd) Json.read(stored.getBytes(StandardCharsets.UTF_8), RunEvent.class);
    assertEquals(0.9, end.testAccuracy());
    assertNull(end.trainModeTestAccuracy());
    assertFalse(new String(Json.write(end), StandardCharsets.UTF_8).contains("trainMode"));
    EpochEnd both = new EpochEnd(9, "a", 1, 1, 84, 0.6, 0.8, 0.4, 0.9, 0.3, 29000, 0.5, 0.7);
    assertEquals(both, Json.read(Json.write(both), RunEvent.class));
  }

  @Test
  void runStoredBeforeItsPaceCouldChange_isStillRead_atThePaceOfItsSettings() {
    String stored =
        "{\"id\":\"r\",\"status\":\"running\",\"createdAt\":\"2026-11-22T12:00:00Z\",\"startedAt\":null,"
            + "\"finishedAt\":null,\"name\":null,\"note\":null,\"trainings\":[],\"settings\":"
            + Json.text(new SettingsBuilder().iterationsPerSecond(20.0).build())
            + "}";
    Run run = Json.read(stored.getBytes(StandardCharsets.UTF_8), Run.class);
    assertEquals(20, run.pace().iterationsPerSecond());
    assertNull(run.cancelRequestedAt());
    assertFalse(Json.text(run).contains("cancel"));
  }

  private static BusMessage thereAndBack(BusMessage message) {
    Buffer wire = Buffer.buffer("before");
    BusMessageCodec codec = new BusMessageCodec();
    codec.encodeToWire(wire, message);
    assertTrue(wire.length() > 6);
    return codec.decodeFromWire(6, wire);
  }
}
