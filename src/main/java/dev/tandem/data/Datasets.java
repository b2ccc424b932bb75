package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All datasets by their names: the published ones, and each folder in the operator's. Any number of
 * threads may ask and load at once. Blocks; not for event loops.
 */
final class Datasets {
  private final Map<String, NamedDataset> published = new LinkedHashMap<>();
  private final OwnFolders own;

  /**
   * @param downloads asked when something is first to be downloaded
   */
  Datasets(DatasetSettings settings, Supplier<Download> downloads) {
    for (PublishedSet set : settings.published()) {
      published.put(set.name(), new PublishedDataset(set, settings, downloads));
    }
    own = new OwnFolders(settings.folder(), settings.published());
  }

  /**
   * The first images of a dataset: from the operator's folder if it is there; else from the program
   * itself if it holds enough; else from the cache, downloaded when first needed.
   *
   * @param trainingExamples how many, at least 1
   * @param testExamples how many, at least 1
   * @param progress is told and asked on the calling thread
   * @throws DatasetException if they cannot be had, with a message for the person who asked
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  Dataset load(String name, int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    NamedDataset dataset = find(name);
    if (trainingExamples < 1 || testExamples < 1) {
      throw new IllegalArgumentException("At least one image of each kind is needed.");
    }
    if (progress.cancelled()) {
      throw new CancellationException();
    }
    DatasetInfo known = dataset.describe();
    if (!known.works()) {
      throw new DatasetException(known.fault());
    }
    // Known without a download, which would be in vain.
    requireEnough(known.title(), trainingExamples, known.training(), testExamples, known.test());
    return dataset
        .load(trainingExamples, testExamples, progress)
        .first(trainingExamples, testExamples);
  }

  /** Whether {@link #load} of so many images needs no download. */
  boolean holds(String name, int trainingExamples, int testExamples) throws DatasetException {
    return find(name).holds(trainingExamples, testExamples);
  }

  /** What is known of one. */
  DatasetInfo describe(String name) throws DatasetException {
    return find(name).describe();
  }

  /** The published ones first, then the operator's own by their names. */
  List<DatasetInfo> describe() {
    return all().stream().map(NamedDataset::describe).toList();
  }

  private List<NamedDataset> all() {
    Map<String, NamedDataset> all = new LinkedHashMap<>(published);
    own.all().forEach(dataset -> all.put(dataset.name(), dataset));
    return new ArrayList<>(all.values());
  }

  private NamedDataset find(String name) throws DatasetException {
    List<NamedDataset> all = all();
    return all.stream()
        .filter(dataset -> dataset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    "There is no dataset named %s here. There are: %s."
                        .formatted(
                            quoted(name),
                            all.stream()
                                .map(NamedDataset::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static void requireEnough(
      String title, int training, int trainingHeld, int test, int testHeld)
      throws DatasetException {
    if (training > trainingHeld || test > testHeld) {
      throw new DatasetException(
          "This run needs %s training and %s test images, but %s here holds %s and %s."
              .formatted(
                  IdxFile.number(training),
                  IdxFile.number(test),
                  title,
                  IdxFile.number(trainingHeld),
                  IdxFile.number(testHeld)));
    }
  }

  private static String quoted(String name) {
    String shown = name == null || name.length() <= 40 ? name : name.substring(0, 40) + "…";
    return "\"" + shown + "\"";
  }
}
