package dev.tandem.data;

import dev.tandem.run.DataFingerprint;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import io.vertx.core.Vertx;
import java.lang.ref.SoftReference;
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
  private SoftReference<Sets> last = new SoftReference<>(null);

  /** Images in the test set whose fingerprint is known, and that; what is here stays the same. */
  private int testSize;

  private String testFingerprint;

  ExampleStore(Datasets datasets) {
    this.datasets = datasets;
  }

  /**
   * @param folder with the four MNIST files, to use in place of the embedded and public ones
   * @param cache where downloaded files are kept; made when first needed
   * @param mirrors http or https addresses of the public files; empty for the usual ones
   * @param vertx asked when something is first to be downloaded
   */
  public static ExampleStore of(
      Optional<Path> folder, Path cache, List<URI> mirrors, Supplier<Vertx> vertx) {
    return new ExampleStore(
        new Datasets(
            new DatasetSettings(
                folder, cache, mirrors.isEmpty() ? DatasetSettings.PUBLIC_MIRRORS : mirrors),
            () ->
                new Download(vertx.get(), DatasetSettings.PATIENT, new Proxies(System.getenv()))));
  }

  /** Blocks, for long if there is something to download. */
  public Sets load(RunSettings settings, Progress progress) throws DatasetException {
    Dataset dataset =
        datasets.load(
            settings.dataset(), settings.trainingExamples(), settings.testExamples(), progress);
    synchronized (this) {
      Sets kept = last.get();
      if (kept == null || !kept.isOf(settings)) {
        kept = Sets.of(dataset, settings);
        last = new SoftReference<>(kept);
      }
      return kept;
    }
  }

  /**
   * A run's test set alone, when it is here: nothing is downloaded for those who only look. Blocks.
   *
   * @throws DatasetException if it isn't, or if it is another one than the run was tested on
   */
  public Examples test(Run run) throws DatasetException {
    RunSettings settings = run.settings();
    requireTestSetOf(run);
    synchronized (this) {
      Sets kept = last.get();
      if (kept != null && kept.isOf(settings)) {
        return kept.test;
      }
    }
    return Sets.examples(
        held(settings.dataset(), settings.testExamples()), settings.testExamples());
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
    int size = run.settings().testExamples();
    String here = testFingerprint(held(run.settings().dataset(), size), size);
    if (!here.equals(run.data().test())) {
      throw new DatasetException(
          "This run was tested on other images (%s) than this server has (%s)."
              .formatted(DataFingerprint.shown(run.data().test()), DataFingerprint.shown(here)));
    }
  }

  private synchronized String testFingerprint(LabeledImages test, int size) {
    if (testSize != size) {
      testFingerprint = Fingerprint.of(test, size);
      testSize = size;
    }
    return testFingerprint;
  }

  /**
   * The first test images of a dataset, when they are here. Blocks.
   *
   * @throws DatasetException if they aren't
   */
  public LabeledImages held(String dataset, int testExamples) throws DatasetException {
    if (!datasets.holds(1, testExamples)) {
      throw new DatasetException(
          "This server has not downloaded the full MNIST: it holds the first 1,000 test images.");
    }
    return datasets.load(dataset, 1, testExamples, new Quiet()).test();
  }

  /** Nobody is told, and it is not given up. */
  private static final class Quiet implements Progress {
    @Override
    public void message(String text) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }

  /** A training set and its test set. */
  public record Sets(
      String dataset, Examples training, Examples test, int classes, DataFingerprint fingerprint) {
    static Sets of(Dataset dataset, RunSettings settings) {
      return new Sets(
          settings.dataset(),
          examples(dataset.training(), settings.trainingExamples()),
          examples(dataset.test(), settings.testExamples()),
          dataset.classes(),
          new DataFingerprint(
              Fingerprint.of(dataset.training(), settings.trainingExamples()),
              Fingerprint.of(dataset.test(), settings.testExamples())));
    }

    private static Examples examples(LabeledImages images, int size) {
      return Examples.of(images.pixels(), images.labels(), size, images.features());
    }

    boolean isOf(RunSettings settings) {
      return dataset.equals(settings.dataset())
          && training.size() == settings.trainingExamples()
          && test.size() == settings.testExamples();
    }
  }
}
