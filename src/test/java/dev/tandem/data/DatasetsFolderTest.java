package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of IDX files that the operator named. */
class DatasetsFolderTest {
  private static MnistFixture fixture;

  @TempDir Path folder;

  private final RecordedProgress progress = new RecordedProgress();

  @BeforeAll
  static void makeFixture() {
    fixture = new MnistFixture();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void folder_eachAcceptedName_isRead(int form) throws Exception {
    fixture.write(folder, file -> names(file).get(form), form % 2 == 1);
    Dataset mnist = datasets().load("mnist", MnistFixture.TRAINING, MnistFixture.TEST, progress);
    assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), mnist.training().pixels());
    assertArrayEquals(fixture.items(IdxPart.TRAIN_LABELS), mnist.training().labels());
    assertArrayEquals(fixture.items(IdxPart.TEST_IMAGES), mnist.test().pixels());
    assertArrayEquals(fixture.items(IdxPart.TEST_LABELS), mnist.test().labels());
  }

  @Test
  void folder_fewExamples_isUsedInsteadOfTheEmbeddedFiles() throws Exception {
    fixture.write(folder, IdxPart::gzipName, true);
    Datasets datasets = datasets();
    Dataset few = datasets.load("mnist", 10, 10, progress);
    Dataset many = datasets.load("mnist", 5_100, 10, progress);
    assertEquals(10, few.training().size());
    assertSame(few.training().pixels(), many.training().pixels());
    assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), few.training().pixels());
  }

  @Test
  void folder_fewerImagesThanAsked_namesBothNumbers() throws Exception {
    fixture.write(folder, IdxPart::gzipName, true);
    assertEquals(
        "This run needs 5,000 training and 1,011 test images, but MNIST here holds 5,100 and"
            + " 1,010.",
        fault(5_000, 1_011));
  }

  @Test
  void folder_missing_isSaid() {
    folder = folder.resolve("none");
    assertEquals(
        "The folder %s, which Tandem was started with, does not exist.".formatted(folder),
        fault(1, 1));
  }

  @Test
  void folder_withoutSomeFiles_namesThemAll() throws Exception {
    fixture.write(folder, IdxPart::gzipName, true);
    Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
    Files.delete(folder.resolve("t10k-images-idx3-ubyte.gz"));
    assertEquals(
        ("The folder %s, which Tandem was started with, lacks train-labels-idx1-ubyte,"
                + " t10k-images-idx3-ubyte (plain or .gz).")
            .formatted(folder),
        fault(1, 1));
  }

  @Test
  void folder_repaired_isReadAtTheNextLoad() throws Exception {
    Datasets datasets = datasets();
    assertThrows(DatasetException.class, () -> datasets.load("mnist", 1, 1, progress));
    fixture.write(folder, IdxPart::gzipName, true);
    assertEquals(1, datasets.load("mnist", 1, 1, progress).training().size());
  }

  @Test
  void file_cutShort_isNamed() throws Exception {
    byte[] whole = fixture.plain(IdxPart.TRAIN_IMAGES);
    assertFileFault(
        IdxPart.TRAIN_IMAGES,
        Arrays.copyOf(whole, 16 + 784 * 3 + 5),
        "ends early: it says that it holds 5,100 images, but has only 3");
    assertFileFault(IdxPart.TRAIN_IMAGES, Arrays.copyOf(whole, 7), "ends early");
    assertFileFault(IdxPart.TRAIN_IMAGES, new byte[0], "ends early");
  }

  @Test
  void file_gzipCutShort_isNamed() throws Exception {
    byte[] whole = fixture.gzipped(IdxPart.TRAIN_LABELS);
    assertFileFault(IdxPart.TRAIN_LABELS, Arrays.copyOf(whole, whole.length / 2), "ends early");
    assertFileFault(IdxPart.TRAIN_LABELS, Arrays.copyOf(whole, 5), "ends early");
  }

  @Test
  void file_gzipWithWrongBit_isNamed() throws Exception {
    byte[] bytes = fixture.gzipped(IdxPart.TRAIN_IMAGES);
    bytes[bytes.length - 6] ^= 1; // in the gzip checksum
    assertFileFault(IdxPart.TRAIN_IMAGES, bytes, "is a damaged gzip file");
  }

  @Test
  void file_withMoreThanItsHeaderSays_isNamed() throws Exception {
    byte[] bytes = fixture.plain(IdxPart.TRAIN_LABELS);
    assertFileFault(
        IdxPart.TRAIN_LABELS,
        Arrays.copyOf(bytes, bytes.length + 1),
        "goes on after the 5,100 labels that it says it holds");
  }

  @Test
  void file_ofAnotherKind_isNamed() throws Exception {
    assertFileFault(
        IdxPart.TRAIN_IMAGES,
        fixture.plain(IdxPart.TRAIN_LABELS),
        "is not an IDX file of images: it starts with 0x00000801 instead of 0x00000803");
  }

  @Test
  void file_withOtherImageSize_isNamed() throws Exception {
    byte[] bytes = fixture.plain(IdxPart.TEST_IMAGES);
    ByteBuffer.wrap(bytes).putInt(8, 32).putInt(12, 31);
    assertFileFault(IdxPart.TEST_IMAGES, bytes, "holds images of 32×31 pixels instead of 28×28");
  }

  @Test
  void file_withImpossibleCount_isNamedAndTakesNoMemory() throws Exception {
    byte[] bytes = fixture.plain(IdxPart.TEST_IMAGES);
    ByteBuffer.wrap(bytes).putInt(4, -1);
    assertFileFault(IdxPart.TEST_IMAGES, bytes, "says that it holds 4,294,967,295 images");
    ByteBuffer.wrap(bytes).putInt(4, 0);
    assertFileFault(IdxPart.TEST_IMAGES, bytes, "says that it holds 0 images");
    ByteBuffer.wrap(bytes).putInt(4, IdxFile.MOST_ITEMS);
    assertFileFault(
        IdxPart.TEST_IMAGES,
        bytes,
        "ends early: it says that it holds 2,739,137 images, but has only 1,010");
  }

  @Test
  void file_withLabelTen_isNamed() throws Exception {
    byte[] bytes = fixture.plain(IdxPart.TEST_LABELS);
    bytes[8 + 4] = 10;
    assertFileFault(
        IdxPart.TEST_LABELS, bytes, "holds the label 10 (item 5), where 0 to 9 are possible");
  }

  @Test
  void files_ofDifferentCounts_areNamed() throws Exception {
    fixture.write(folder, IdxPart::plainName, false);
    byte[] labels = Arrays.copyOf(fixture.items(IdxPart.TRAIN_LABELS), 5_099);
    Files.write(
        folder.resolve(IdxPart.TRAIN_LABELS.plainName()),
        MnistFixture.idx(IdxPart.TRAIN_LABELS, 5_099, labels));
    assertEquals(
        "The MNIST files do not belong together: train-images holds 5,100 images, but train-labels"
            + " holds 5,099 labels.",
        fault(1, 1));
  }

  private void assertFileFault(IdxPart file, byte[] bytes, String expected) throws Exception {
    fixture.write(folder, IdxPart::plainName, false);
    Path path = folder.resolve(file.plainName());
    Files.write(path, bytes);
    String message = fault(1, 1);
    assertTrue(message.startsWith("The file " + path + " " + expected), message);
    assertTrue(message.endsWith("Replace it, or start Tandem without --datasets."), message);
  }

  private String fault(int training, int test) {
    return assertThrows(
            DatasetException.class, () -> datasets().load("mnist", training, test, progress))
        .getMessage();
  }

  private static List<String> names(IdxPart part) {
    String dotted = part.title + ".idx" + part.dimensions + "-ubyte";
    return List.of(part.plainName(), part.gzipName(), dotted, dotted + ".gz");
  }

  private Datasets datasets() {
    return new Datasets(
        DatasetSettings.of(Optional.of(folder), folder.resolve("cache"), List.of()),
        MnistFixture::noDownload);
  }
}
