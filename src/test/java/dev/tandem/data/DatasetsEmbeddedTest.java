package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.DatasetInfo;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes with the program, and what is asked of every load. */
class DatasetsEmbeddedTest {
  @TempDir Path folder;

  private final RecordedProgress progress = new RecordedProgress();

  @Test
  void embeddedFiles_wholeContent_isTheFirstPartOfMnist() throws Exception {
    Dataset mnist = offline().load("mnist", 5_000, 1_000, progress);
    // Computed from the published files, cut to these counts.
    assertEquals(
        "1e3ffdb2f57e22d9e5363dde25c2d057542c2e72baa312f0f3b03948bb3802b7",
        sha256(IdxPart.TRAIN_IMAGES, 5_000, mnist.training().pixels()));
    assertEquals(
        "685aeb7baef68233efa643639a5e9c15bb48be09a628f96fb7f606ca2a1ea7bc",
        sha256(IdxPart.TRAIN_LABELS, 5_000, mnist.training().labels()));
    assertEquals(
        "de7c252b04f05e1f8309634180ccdf286dc6dbac8c579b74e76e02ae0331ca52",
        sha256(IdxPart.TEST_IMAGES, 1_000, mnist.test().pixels()));
    assertEquals(
        "832c0d20f0dc42e575488c75a83a970787d4c8d4d05831b2ef03701b4a478a90",
        sha256(IdxPart.TEST_LABELS, 1_000, mnist.test().labels()));
  }

  @Test
  void fashionMnist_embeddedFiles_areItsFirstPart() throws Exception {
    Dataset fashion = offline().load("fashion-mnist", 5_000, 1_000, progress);
    assertEquals(
        "626b8bf8433327de7912bae1d0e4c70fdcca53de33970297bf9a2205500c574a",
        sha256(IdxPart.TRAIN_IMAGES, 5_000, fashion.training().pixels()));
    assertEquals(
        "86cccad95ab36653e416733235fc8fbb50b9429417f4eb2feb35e0b9a294e83c",
        sha256(IdxPart.TRAIN_LABELS, 5_000, fashion.training().labels()));
    assertEquals(
        "7a6d8e07ea021ec5bc73135ebd0a5770799557ec6f8242d8749c4f32a3cf4643",
        sha256(IdxPart.TEST_IMAGES, 1_000, fashion.test().pixels()));
    assertEquals(
        "b40abac7ec8228f434940f579deb7cf7b6e3103b5274cb91d1545771f5ef1c8b",
        sha256(IdxPart.TEST_LABELS, 1_000, fashion.test().labels()));
    assertEquals("Ankle boot", fashion.classes().get(fashion.training().labels()[0]));
    assertTrue(progress.messages.isEmpty());
  }

  @Test
  void datasets_withoutFolder_areThePublishedOnes() {
    List<DatasetInfo> all = offline().describe();
    assertEquals(List.of("mnist", "fashion-mnist"), all.stream().map(DatasetInfo::name).toList());
    for (DatasetInfo info : all) {
      assertTrue(info.works());
      assertEquals(10, info.classes().size());
      assertEquals(60_000, info.training());
      assertEquals(10_000, info.test());
      assertEquals(new DatasetInfo.Counts(5_000, 1_000), info.embedded());
      assertEquals(DatasetInfo.Place.DOWNLOADABLE, info.place());
    }
    assertEquals(DatasetInfo.DIGIT, all.get(0).item());
    assertEquals(DatasetInfo.IMAGE, all.get(1).item());
    assertTrue(all.get(1).source().contains("MIT"));
  }

  @Test
  void embeddedFiles_firstLabels_areThoseOfMnist() throws Exception {
    Dataset mnist = offline().load("mnist", 5_000, 1_000, progress);
    assertArrayEquals(
        new byte[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, Arrays.copyOf(mnist.training().labels(), 10));
    assertArrayEquals(
        new byte[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, Arrays.copyOf(mnist.test().labels(), 10));
    assertEquals(784, mnist.training().features());
    assertEquals(DatasetInfo.DIGITS, mnist.classes());
  }

  @Test
  void load_fewExamples_needsNeitherNetworkNorDisk() throws Exception {
    Dataset mnist = offline().load("mnist", 60, 7, progress);
    assertEquals(60, mnist.training().size());
    assertEquals(7, mnist.test().size());
    assertTrue(progress.messages.isEmpty());
    assertFalse(Files.exists(folder.resolve("cache")));
  }

  @Test
  void load_twice_sharesMemory() throws Exception {
    Datasets datasets = offline();
    Dataset one = datasets.load("mnist", 5_000, 1_000, progress);
    Dataset other = datasets.load("mnist", 100, 10, progress);
    assertSame(one.training().pixels(), other.training().pixels());
    assertSame(one.test().labels(), other.test().labels());
  }

  @Test
  void load_unknownName_saysWhatIsKnown() {
    for (String name : new String[] {"../mnist", "MNIST", "", null, "x".repeat(1_000)}) {
      String message =
          assertThrows(DatasetException.class, () -> offline().load(name, 1, 1, progress))
              .getMessage();
      assertTrue(message.endsWith("There are: mnist, fashion-mnist."), message);
      assertTrue(message.length() < 150, message);
    }
  }

  @Test
  void load_noExamples_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> offline().load("mnist", 0, 1_000, progress));
    assertThrows(IllegalArgumentException.class, () -> offline().load("mnist", 1, -1, progress));
  }

  @Test
  void load_alreadyCancelled_ends() {
    progress.cancelled = true;
    assertThrows(CancellationException.class, () -> offline().load("mnist", 1, 1, progress));
  }

  @Test
  void load_moreThanMnistHas_namesBothNumbersWithoutDownload() {
    String message =
        assertThrows(DatasetException.class, () -> offline().load("mnist", 60_001, 1_000, progress))
            .getMessage();
    assertEquals(
        "This run needs 60,001 training and 1,000 test images, but MNIST here holds 60,000 and"
            + " 10,000.",
        message);
  }

  @Test
  void settings_mirrorThatIsNoWebAddress_isRefused() {
    for (String mirror : List.of("file:///etc/", "ftp://example.org/", "mnist", "http:///x")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DatasetSettings.of(Optional.empty(), folder, List.of(URI.create(mirror))),
          mirror);
    }
  }

  private Datasets offline() {
    return new Datasets(
        DatasetSettings.of(Optional.empty(), folder.resolve("cache"), List.of()),
        MnistFixture::noDownload);
  }

  private static String sha256(IdxPart file, int count, byte[] items) {
    return MnistFixture.sha256(IdxFile.header(file, count), items);
  }
}
