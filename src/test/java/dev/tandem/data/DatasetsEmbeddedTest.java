package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        sha256(MnistFile.TRAIN_IMAGES, 5_000, mnist.training().pixels()));
    assertEquals(
        "685aeb7baef68233efa643639a5e9c15bb48be09a628f96fb7f606ca2a1ea7bc",
        sha256(MnistFile.TRAIN_LABELS, 5_000, mnist.training().labels()));
    assertEquals(
        "de7c252b04f05e1f8309634180ccdf286dc6dbac8c579b74e76e02ae0331ca52",
        sha256(MnistFile.TEST_IMAGES, 1_000, mnist.test().pixels()));
    assertEquals(
        "832c0d20f0dc42e575488c75a83a970787d4c8d4d05831b2ef03701b4a478a90",
        sha256(MnistFile.TEST_LABELS, 1_000, mnist.test().labels()));
  }

  @Test
  void embeddedFiles_firstLabels_areThoseOfMnist() throws Exception {
    Dataset mnist = offline().load("mnist", 5_000, 1_000, progress);
    assertArrayEquals(
        new byte[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, Arrays.copyOf(mnist.training().labels(), 10));
    assertArrayEquals(
        new byte[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, Arrays.copyOf(mnist.test().labels(), 10));
    assertEquals(784, mnist.training().features());
    assertEquals(10, mnist.classes());
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
      assertTrue(message.endsWith("The one that Tandem knows is mnist."), message);
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
          () -> new DatasetSettings(Optional.empty(), folder, List.of(URI.create(mirror))),
          mirror);
    }
  }

  private Datasets offline() {
    return new Datasets(
        new DatasetSettings(Optional.empty(), folder.resolve("cache"), List.of()),
        MnistFixture::noDownload);
  }

  private static String sha256(MnistFile file, int count, byte[] items) {
    return MnistFixture.sha256(IdxFile.header(file, count), items);
  }
}
