package dev.tandem.data;

import dev.tandem.run.DataFingerprint;
import dev.tandem.run.DataSettings;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Run;
import io.vertx.core.Vertx;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Examples ready for networks. Trainings of one run share them: the last ones asked for are kept
 * while memory allows. Thread-safe.
 */
public final class ExampleStore {
  private final Datasets datasets;
  private SoftReference<Kept> last = new SoftReference<>(null);

  /** The test images whose fingerprint is known, how many of them, and that. */
  private WeakReference<byte[]> printed = new WeakReference<>(null);

  private int printedSize;
  private String testFingerprint;

  ExampleStore(Datasets datasets) {
    this.datasets = datasets;
  }

  /**
   * @param folder the operator's: a folder for each dataset in it, or MNIST's four files; what is
   *     there is used in place of the embedded and public ones
   * @param cache where downloaded files are kept, a folder for each dataset; made when first needed
   * @param mirrors http or https addresses of MNIST's files, and of those of other public datasets
   *     in a folder of their name below; empty for the usual ones
   * @param vertx asked when something is first to be downloaded
   */
  public static ExampleStore of(
      Optional<Path> folder, Path cache, List<URI> mirrors, Supplier<Vertx> vertx) {
    return new ExampleStore(
        new Datasets(
            DatasetSettings.of(folder, cache, mirrors),
            () ->
                new Download(vertx.get(), DatasetSettings.PATIENT, new Proxies(System.getenv()))));
  }

  /** The datasets that there are, those with a fault too. Blocks. */
  public List<DatasetInfo> datasets() {
    return datasets.describe();
  }

  /** Blocks, for long if there is something to download, or many pictures to read. */
  public Sets load(DataSettings settings, Progress progress) throws DatasetException {
    Dataset dataset =
        datasets.load(
            settings.dataset(), settings.trainingExamples(), settings.testExamples(), progress);
    synchronized (this) {
      Kept kept = last.get();
      if (kept == null || !kept.isOf(settings, dataset.test())) {
        kept = new Kept(dataset, Sets.of(dataset, settings));
        last = new SoftReference<>(kept);
      }
      return kept.sets;
    }
  }

  /**
   * A run's test set alone, when it is here: nothing is downloaded for those who only look. Blocks.
   *
   * @throws DatasetException if it isn't, or if it is another one than the run was tested on
   */
  public Examples test(Run run) throws DatasetException {
    DataSettings settings = run.settings().data();
    requireTestSetOf(run);
    LabeledImages held = held(settings.dataset(), settings.testExamples()).test();
    synchronized (this) {
      Kept kept = last.get();
      if (kept != null && kept.isOf(settings, held)) {
        return kept.sets.test;
      }
    }
    return Sets.examples(held, settings.testExamples());
  }

  /**
   * What was told of a run's test images is true of those alone. Blocks.
   *
   * @throws DatasetException if this server has other ones, or too few
   */
  public void requireTestSetOf(Run run) throws DatasetException {
    if (run.data() == null) {
      return; // of before it was told
    }
    int size = run.settings().data().testExamples();
    String here = testFingerprint(held(run.settings().data().dataset(), size).test(), size);
    if (!here.equals(run.data().test())) {
      throw new DatasetException(
          "This run was tested on other images (%s) than this server has (%s)."
              .formatted(DataFingerprint.shown(run.data().test()), DataFingerprint.shown(here)));
    }
  }

  private synchronized String testFingerprint(LabeledImages test, int size) {
    if (printedSize != size || printed.get() != test.pixels()) {
      testFingerprint = Fingerprint.of(test, size);
      printed = new WeakReference<>(test.pixels());
      printedSize = size;
    }
    return testFingerprint;
  }

  /**
   * A dataset with its first test images, and one to learn from, when they are here. Blocks.
   *
   * @throws DatasetException if they aren't
   */
  public Dataset held(String dataset, int testExamples) throws DatasetException {
    if (!datasets.holds(dataset, 1, testExamples)) {
      throw new DatasetException(
          "This server has not downloaded the full %s: it holds the first %,d test images."
              .formatted(datasets.describe(dataset).title(), PublishedSet.EMBEDDED.test()));
    }
    return datasets.load(dataset, 1, testExamples, Progress.UNHEARD);
  }

  /** The last ones asked for, and what they were made of. */
  private record Kept(Dataset dataset, Sets sets) {
    boolean isOf(DataSettings settings, LabeledImages test) {
      return sets.isOf(settings) && dataset.test().pixels() == test.pixels();
    }
  }

  /** A training set and its test set. */
  public record Sets(
      String dataset, Examples training, Examples test, int classes, DataFingerprint fingerprint) {
    static Sets of(Dataset dataset, DataSettings settings) {
      return new Sets(
          settings.dataset(),
          examples(dataset.training(), settings.trainingExamples()),
          examples(dataset.test(), settings.testExamples()),
          dataset.classes().size(),
          new DataFingerprint(
              Fingerprint.of(dataset.training(), settings.trainingExamples()),
              Fingerprint.of(dataset.test(), settings.testExamples()),
              dataset.classes()));
    }

    private static Examples examples(LabeledImages images, int size) {
      return Examples.of(images.pixels(), images.labels(), size, images.features());
    }

    boolean isOf(DataSettings settings) {
      return dataset.equals(settings.dataset())
          && training.size() == settings.trainingExamples()
          && test.size() == settings.testExamples();
    }
  }
}
