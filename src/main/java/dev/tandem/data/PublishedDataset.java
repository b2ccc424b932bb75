package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.util.function.Supplier;

/** A published dataset: from the program itself if it holds enough; else from its downloads. */
final class PublishedDataset implements NamedDataset {
  private final PublishedSet set;
  private final DatasetSettings settings;
  private final Supplier<Download> downloads;
  private final Shared<Dataset> embedded = new Shared<>();
  private final Shared<Dataset> full = new Shared<>();

  /**
   * @param downloads asked when something is first to be downloaded
   */
  PublishedDataset(PublishedSet set, DatasetSettings settings, Supplier<Download> downloads) {
    this.set = set;
    this.settings = settings;
    this.downloads = downloads;
  }

  @Override
  public String name() {
    return set.name();
  }

  @Override
  public DatasetInfo describe() {
    return new DatasetInfo(
        set.name(),
        set.title(),
        set.item(),
        set.classes(),
        set.training(),
        set.test(),
        DatasetInfo.SIDE,
        DatasetInfo.SIDE,
        Examples.SCALING,
        DownloadedFiles.isComplete(set, settings)
            ? DatasetInfo.Place.DOWNLOADED
            : DatasetInfo.Place.DOWNLOADABLE,
        PublishedSet.EMBEDDED,
        set.source(),
        null);
  }

  @Override
  public boolean holds(int trainingExamples, int testExamples) {
    return embeds(trainingExamples, testExamples) || DownloadedFiles.isComplete(set, settings);
  }

  private static boolean embeds(int trainingExamples, int testExamples) {
    return trainingExamples <= PublishedSet.EMBEDDED.training()
        && testExamples <= PublishedSet.EMBEDDED.test();
  }

  @Override
  public Dataset load(int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    if (embeds(trainingExamples, testExamples)) {
      return embedded.get(
          progress,
          leader ->
              IdxPair.assemble(set.title(), new EmbeddedFiles(set.name()), set.classes(), leader));
    }
    try {
      return full.get(
          progress,
          leader ->
              IdxPair.assemble(
                  set.title(),
                  new DownloadedFiles(set, settings, downloads),
                  set.classes(),
                  leader));
    } catch (DatasetException e) {
      throw new DatasetException(
          "This run needs more than the %s with Tandem, and %s"
              .formatted(embeddedPart(trainingExamples, testExamples), e.getMessage()),
          e);
    }
  }

  private static String embeddedPart(int trainingExamples, int testExamples) {
    String training = IdxFile.number(PublishedSet.EMBEDDED.training()) + " training images";
    String test = IdxFile.number(PublishedSet.EMBEDDED.test()) + " test images";
    boolean moreTraining = trainingExamples > PublishedSet.EMBEDDED.training();
    boolean moreTest = testExamples > PublishedSet.EMBEDDED.test();
    return moreTraining && moreTest
        ? training + " and the " + test + " that come"
        : (moreTraining ? training : test) + " that come";
  }
}
