package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.DatasetInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets in folders of the operator's, each by the name of its folder. */
class OwnFoldersTest {
  @TempDir Path root;

  private final RecordedProgress progress = new RecordedProgress();
  private Datasets datasets;

  @BeforeEach
  void start() {
    datasets =
        new Datasets(
            DatasetSettings.of(Optional.of(root), root.resolve("../unused"), List.of()),
            MnistFixture::noDownload);
  }

  @Test
  void folders_areDatasetsByTheirNames_besideThePublishedOnes() throws Exception {
    idx("letters", "", 30, 10, 0, 3);
    pictures("pets", "cat", 20);
    pictures("pets", "dog", 20);
    Files.createDirectories(root.resolve(".hidden"));
    Files.writeString(root.resolve("notes.txt"), "nothing");
    assertEquals(
        List.of("mnist", "fashion-mnist", "letters", "pets"),
        datasets.describe().stream().map(DatasetInfo::name).toList());
    assertTrue(datasets.describe().stream().allMatch(DatasetInfo::works));
    assertEquals(DatasetInfo.Place.FOLDER, info("letters").place());
    assertEquals(DatasetInfo.Place.DOWNLOADABLE, info("mnist").place());
    assertEquals(60, datasets.load("mnist", 60, 10, progress).training().size());
  }

  @Test
  void publishedSet_inAFolderOfItsName_isTakenFromThere() throws Exception {
    idx("fashion-mnist", "", 30, 10, 0, 9);
    DatasetInfo info = info("fashion-mnist");
    assertEquals(DatasetInfo.Place.FOLDER, info.place());
    assertEquals(30, info.training());
    assertEquals("Sneaker", info.classes().get(7));
    assertEquals("Fashion-MNIST", info.title());
    assertEquals(1, datasets.describe().stream().filter(of -> of.equals(info)).count());
  }

  @Test
  void idxFiles_ofEmnist_areTurnedAndCountedFromTheirFirstLabel() throws Exception {
    Path folder = idx("letters", "emnist-letters-", 40, 12, 1, 26);
    Dataset letters = datasets.load("letters", 40, 12, progress);
    assertEquals(26, letters.classes().size());
    assertEquals("1", letters.classes().get(0));
    byte[] labels = letters.training().labels();
    assertEquals(0, labels[0]);
    assertEquals(25, IntStream.range(0, 40).map(i -> labels[i]).max().orElseThrow());
    byte[] file = Files.readAllBytes(folder.resolve("emnist-letters-train-images-idx3-ubyte"));
    for (int i = 0; i < 784; i++) {
      assertEquals(file[16 + 784 + i], letters.training().pixels()[784 + i % 28 * 28 + i / 28]);
    }
    Files.writeString(
        folder.resolve("emnist-letters-mapping.txt"),
        IntStream.rangeClosed(1, 26)
            .mapToObj(i -> i + " " + (64 + i) + " " + (96 + i) + "\n")
            .reduce("", String::concat));
    assertEquals("Aa", info("letters").classes().get(0));
    assertEquals("Zz", info("letters").classes().get(25));
  }

  @Test
  void classesTxt_namesTheClasses() throws Exception {
    Path folder = idx("shapes", "", 30, 10, 0, 2);
    assertEquals(List.of("0", "1", "2"), info("shapes").classes());
    Files.writeString(folder.resolve("classes.txt"), "circle\nsquare\n star \n");
    assertEquals(List.of("circle", "square", "star"), info("shapes").classes());
    Files.writeString(folder.resolve("classes.txt"), "circle\nsquare\n");
    String fault = info("shapes").fault();
    assertTrue(fault.contains("holds the label 2 (item 3), where 0 to 1 are possible"), fault);
  }

  @Test
  void idxFiles_allThatIsWrong_isSaidAtOnce() throws Exception {
    Path folder = idx("broken", "", 30, 10, 0, 2);
    Path images = folder.resolve("train-images-idx3-ubyte");
    Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 16 + 784 * 7));
    Files.delete(folder.resolve("t10k-images-idx3-ubyte"));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), new byte[] {0, 0, 8, 3});
    String fault = info("broken").fault();
    assertTrue(fault.contains("The folder " + folder + " lacks t10k-images-idx3-ubyte"), fault);
    assertTrue(
        fault.contains(
            "The file " + images + " ends early: it says that it holds 30 images, but has only 7."),
        fault);
    assertTrue(fault.contains("t10k-labels-idx1-ubyte is not an IDX file of labels"), fault);
    assertEquals(
        fault,
        assertThrows(DatasetException.class, () -> datasets.load("broken", 1, 1, progress))
            .getMessage());
  }

  @Test
  void idxFiles_ofOneClass_orOfSeveralDatasets_areRefused() throws Exception {
    idx("alone", "", 5, 5, 0, 0);
    assertTrue(info("alone").fault().contains("has 1 class, where 2 to 100 are possible"));
    Path same = idx("same", "", 5, 5, 0, 1);
    Files.write(
        same.resolve("train-labels-idx1-ubyte"),
        MnistFixture.idx(IdxPart.TRAIN_LABELS, 5, new byte[] {1, 1, 1, 1, 1}));
    assertTrue(info("same").fault().contains("training images of one class only (1)"));
    idx("both", "emnist-letters-", 5, 5, 0, 1);
    idx("both", "emnist-digits-", 5, 5, 0, 1);
    assertTrue(
        info("both")
            .fault()
            .contains("several datasets (emnist-digits-train-…, emnist-letters-train-…)"));
    idx("many", "", 200, 5, 0, 150);
    assertTrue(
        info("many").fault().contains("holds the label 100 (item 101), where 0 to 99 are possible"),
        info("many").fault());
  }

  @Test
  void idxFiles_ofUnequalCounts_areNamed() throws Exception {
    Path folder = idx("uneven", "", 30, 10, 0, 2);
    Files.write(
        folder.resolve("t10k-labels-idx1-ubyte"),
        MnistFixture.idx(IdxPart.TEST_LABELS, 9, new byte[9]));
    assertEquals(
        "The uneven files do not belong together: t10k-images holds 10 images, but t10k-labels"
            + " holds 9 labels.",
        info("uneven").fault());
  }

  @Test
  void pictures_areSplitByTheirNames_whateverElseIsThere() throws Exception {
    pictures("pets", "cat", 60);
    pictures("pets", "dog", 40);
    DatasetInfo info = info("pets");
    assertEquals(List.of("cat", "dog"), info.classes());
    assertEquals(100, info.training() + info.test());
    assertTrue(info.test() >= 5 && info.test() <= 30, "about one in seven: " + info.test());
    Dataset before = datasets.load("pets", info.training(), info.test(), progress);
    pictures("pets", "emu", 30);
    DatasetInfo more = info("pets");
    assertEquals(List.of("cat", "dog", "emu"), more.classes());
    Dataset after = datasets.load("pets", more.training(), more.test(), progress);
    assertNotSame(before.training().pixels(), after.training().pixels());
    // Those that were there are in the same part, in the same order.
    assertEquals(shades(before.training()), shades(after.training(), 0, 1));
    assertEquals(shades(before.test()), shades(after.test(), 0, 1));
    // The first ones are of all classes.
    byte[] first = Arrays.copyOf(after.training().labels(), 30);
    assertEquals(3, IntStream.range(0, 30).map(i -> first[i]).distinct().count());
  }

  @Test
  void pictures_inFoldersForTrainingAndTest_areSplitByThem() throws Exception {
    Pictures.writeClass(root.resolve("pets/training/2"), 3, 10);
    Pictures.writeClass(root.resolve("pets/training/10"), 4, 100);
    Pictures.writeClass(root.resolve("pets/testing/10"), 2, 200);
    DatasetInfo info = info("pets");
    assertNull(info.fault());
    assertEquals(List.of("2", "10"), info.classes());
    assertEquals(7, info.training());
    assertEquals(2, info.test());
    Dataset pets = datasets.load("pets", 7, 2, progress);
    assertArrayEquals(new byte[] {1, 1}, pets.test().labels());
    Files.createDirectories(root.resolve("pets/testing/11"));
    assertTrue(info("pets").fault().contains("testing/11 is of a class that the folder"));
  }

  @Test
  void pictures_whatIsWrong_isSaid() throws Exception {
    Files.createDirectories(root.resolve("empty"));
    assertTrue(info("empty").fault().contains("neither the four IDX files nor images"));
    Pictures.writeClass(root.resolve("flat"), 3, 10);
    assertTrue(info("flat").fault().contains("has images, but no folder for each class"));
    pictures("one", "cat", 20);
    assertTrue(info("one").fault().contains("has 1 class, where 2 to 100 are possible"));
    pictures("few", "cat", 1);
    pictures("few", "dog", 1);
    assertTrue(info("few").fault().contains("too few images: one in 7"), info("few").fault());
    pictures("hole", "cat", 20);
    Files.createDirectories(root.resolve("hole/dog"));
    assertTrue(info("hole").fault().contains("hole/dog has no PNG or JPEG images."));
    pictures("named", "cat", 20);
    pictures("named", "dog", 20);
    Files.writeString(root.resolve("named/classes.txt"), "a\nb\nc");
    assertTrue(info("named").fault().contains("names 3 classes, but there are 2 folders"));
    // None of them keeps the others from being used.
    assertEquals(60, datasets.load("mnist", 60, 10, progress).training().size());
  }

  @Test
  void pictures_thatCantBeRead_areNamedTogether() throws Exception {
    pictures("pets", "cat", 20);
    pictures("pets", "dog", 20);
    Path text = Files.writeString(root.resolve("pets/cat/image3.png"), "text");
    Path cut = root.resolve("pets/dog/image4.png");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 60));
    String message =
        assertThrows(DatasetException.class, () -> datasets.load("pets", 1, 1, progress))
            .getMessage();
    assertTrue(message.contains("The file " + text + " is no PNG or JPEG image."), message);
    assertTrue(message.contains("The file " + cut + " is a damaged PNG or JPEG image."), message);
    for (int i = 5; i < 15; i++) {
      Files.writeString(root.resolve("pets/cat/image" + i + ".png"), "text");
    }
    message =
        assertThrows(DatasetException.class, () -> datasets.load("pets", 1, 1, progress))
            .getMessage();
    assertTrue(message.endsWith("There may be more."), message);
  }

  @Test
  void pictures_areReadOnce_andAnewOnceTheyHaveChanged() throws Exception {
    pictures("pets", "cat", 20);
    pictures("pets", "dog", 20);
    byte[] once = datasets.load("pets", 5, 1, progress).training().pixels();
    assertSame(once, datasets.load("pets", 3, 1, progress).training().pixels());
    pictures("pets", "cat", 25);
    Files.setLastModifiedTime(root.resolve("pets/cat"), FileTime.fromMillis(1));
    assertNotSame(once, datasets.load("pets", 3, 1, progress).training().pixels());
  }

  @Test
  void reading_cancelled_ends() throws Exception {
    pictures("pets", "cat", 20);
    pictures("pets", "dog", 20);
    info("pets");
    RecordedProgress cancelledLater =
        new RecordedProgress() {
          private int asked;

          @Override
          public boolean cancelled() {
            return ++asked > 3;
          }
        };
    assertThrows(CancellationException.class, () -> datasets.load("pets", 3, 1, cancelledLater));
    assertEquals(3, datasets.load("pets", 3, 1, progress).training().size());
  }

  @Test
  void folder_withNothingInIt_isAFaultOfAll() {
    for (DatasetInfo info : datasets.describe()) {
      assertFalse(info.works());
      assertTrue(
          info.fault()
              .startsWith("The folder " + root + ", which Tandem was started with, lacks train-"),
          info.fault());
    }
  }

  @Test
  void names_thatPointElsewhere_areUnknown() throws Exception {
    idx("letters", "", 30, 10, 0, 3);
    for (String name : List.of("../letters", "letters/", "letters/..", ".", "LETTERS", "/")) {
      assertThrows(DatasetException.class, () -> datasets.load(name, 1, 1, progress), name);
    }
  }

  private DatasetInfo info(String name) throws DatasetException {
    return datasets.describe(name);
  }

  private void pictures(String dataset, String name, int count) throws IOException {
    Pictures.writeClass(root.resolve(dataset).resolve(name), count, name.equals("cat") ? 0 : 100);
  }

  private static List<Integer> shades(LabeledImages images, int... labels) {
    return IntStream.range(0, images.size())
        .filter(
            i ->
                labels.length == 0
                    || Arrays.stream(labels).anyMatch(label -> label == images.labels()[i]))
        .mapToObj(i -> images.labels()[i] * 1_000 + (images.pixels()[i * 784] & 0xff))
        .toList();
  }

  /** Four files with labels that go through all from the first to the last, and again. */
  private Path idx(String dataset, String prefix, int training, int test, int first, int last)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve(dataset));
    for (IdxPart part : IdxPart.values()) {
      int count = part.isOfTraining() ? training : test;
      byte[] items = new byte[count * part.itemBytes()];
      for (int i = 0; i < items.length; i++) {
        items[i] = (byte) (part.holdsImages() ? i * 7 : first + i % (last - first + 1));
      }
      String name = prefix.isEmpty() ? part.plainName() : part.plainName().replace("t10k", "test");
      Files.write(folder.resolve(prefix + name), MnistFixture.idx(part, count, items));
    }
    return folder;
  }
}
