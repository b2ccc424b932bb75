package dev.tandem.data;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Gives trainings their images. Any number of threads may load at once: they share one download and
 * one copy in memory, which is kept for as long as this object (so a configured folder is read
 * once). Blocks; not for event loops.
 */
final class Datasets {
  private static final String MNIST = "mnist";

  private final DatasetSettings settings;
  private final Supplier<Download> downloads;
  private final Shared<Dataset> embedded = new Shared<>();
  private final Shared<Dataset> full = new Shared<>();

  /**
   * @param downloads asked when something is first to be downloaded
   */
  Datasets(DatasetSettings settings, Supplier<Download> downloads) {
    this.settings = settings;
    this.downloads = downloads;
  }

  /**
   * The first images of a dataset: from the configured folder if there is one; else from the
   * program itself if it holds enough; else from the cache, downloaded when first needed.
   *
   * @param name {@code mnist}
   * @param trainingExamples how many, at least 1
   * @param testExamples how many, at least 1
   * @param progress is told and asked on the calling thread
   * @throws DatasetException if they cannot be had, with a message for the person who asked
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  Dataset load(String name, int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    if (!MNIST.equals(name)) {
      throw new DatasetException(
          "There is no dataset named %s. The one that Tandem knows is mnist."
              .formatted(quoted(name)));
    }
    if (trainingExamples < 1 || testExamples < 1) {
      throw new IllegalArgumentException("At least one image of each kind is needed.");
    }
    if (progress.cancelled()) {
      throw new CancellationException();
    }
    Dataset whole = whole(trainingExamples, testExamples, progress);
    requireEnough(trainingExamples, whole.training().size(), testExamples, whole.test().size());
    return whole.first(trainingExamples, testExamples);
  }

  /** Whether {@link #load} of so many images needs no download. */
  boolean holds(int trainingExamples, int testExamples) {
    boolean embeds =
        trainingExamples <= EmbeddedMnist.TRAINING && testExamples <= EmbeddedMnist.TEST;
    return settings.folder().isPresent() || embeds || MnistCache.isComplete(settings);
  }

  private Dataset whole(int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    if (settings.folder().isPresent()) {
      Path folder = settings.folder().get();
      return full.get(progress, leader -> assemble(new MnistFolder(folder), leader));
    }
    boolean moreTraining = trainingExamples > EmbeddedMnist.TRAINING;
    boolean moreTest = testExamples > EmbeddedMnist.TEST;
    if (!moreTraining && !moreTest) {
      return embedded.get(progress, leader -> assemble(new EmbeddedMnist(), leader));
    }
    // Known without a download, which would be in vain.
    requireEnough(
        trainingExamples,
        settings.published().get(MnistFile.TRAIN_IMAGES).count(),
        testExamples,
        settings.published().get(MnistFile.TEST_IMAGES).count());
    try {
      return full.get(progress, leader -> assemble(new MnistCache(settings, downloads), leader));
    } catch (DatasetException e) {
      String part =
          moreTraining && moreTest
              ? "5,000 training images and the 1,000 test images that come"
              : moreTraining ? "5,000 training images that come" : "1,000 test images that come";
      throw new DatasetException(
          "This run needs more than the " + part + " with Tandem, and " + e.getMessage(), e);
    }
  }

  private static Dataset assemble(MnistSource source, Progress progress) throws DatasetException {
    return new Dataset(
        pair(source, MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS, progress),
        pair(source, MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS, progress),
        MnistFile.CLASSES);
  }

  private static LabeledImages pair(
      MnistSource source, MnistFile imageFile, MnistFile labelFile, Progress progress)
      throws DatasetException {
    byte[] pixels = source.read(imageFile, progress);
    byte[] labels = source.read(labelFile, progress);
    int images = pixels.length / imageFile.itemBytes();
    if (images != labels.length) {
      throw new DatasetException(
          "The MNIST files do not belong together: %s holds %s images, but %s holds %s labels."
              .formatted(
                  imageFile.title,
                  IdxFile.number(images),
                  labelFile.title,
                  IdxFile.number(labels.length)));
    }
    return new LabeledImages(pixels, labels, images, imageFile.itemBytes());
  }

  private static void requireEnough(int training, int trainingHeld, int test, int testHeld)
      throws DatasetException {
    if (training > trainingHeld || test > testHeld) {
      throw new DatasetException(
          "This run needs %s training and %s test images, but MNIST here holds %s and %s."
              .formatted(
                  IdxFile.number(training),
                  IdxFile.number(test),
                  IdxFile.number(trainingHeld),
                  IdxFile.number(testHeld)));
    }
  }

  private static String quoted(String name) {
    String shown = name == null || name.length() <= 40 ? name : name.substring(0, 40) + "…";
    return "\"" + shown + "\"";
  }
}
