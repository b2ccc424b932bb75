package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A dataset in a folder of the operator's: trusted for content, checked for form. */
abstract class FolderDataset implements NamedDataset {
  private final String name;
  final Path folder;
  final Optional<PublishedSet> copied;
  private DatasetInfo info; // guarded by this

  /**
   * @param copied the published set that it is a copy of, if it has its name
   */
  FolderDataset(String name, Path folder, Optional<PublishedSet> copied) {
    this.name = name;
    this.folder = folder;
    this.copied = copied;
  }

  /**
   * What is in a folder.
   *
   * @param classes names, by label
   */
  record Content(List<String> classes, int training, int test) {
    static final Content NONE = new Content(List.of(), 0, 0);
  }

  /**
   * Looks at what is there.
   *
   * @param faults receives a sentence for each thing that is wrong
   */
  abstract Content look(List<String> faults);

  @Override
  public String name() {
    return name;
  }

  String title() {
    return copied.map(PublishedSet::title).orElse(name);
  }

  @Override
  public synchronized DatasetInfo describe() {
    if (info == null) {
      List<String> faults = new ArrayList<>();
      Content content = look(faults);
      info =
          new DatasetInfo(
              name,
              title(),
              copied.map(PublishedSet::item).orElse(DatasetInfo.IMAGE),
              content.classes,
              content.training,
              content.test,
              DatasetInfo.SIDE,
              DatasetInfo.SIDE,
              Examples.SCALING,
              DatasetInfo.Place.FOLDER,
              null,
              copied
                  .map(PublishedSet::source)
                  .orElse("The folder %s under --datasets".formatted(name)),
              faults.isEmpty() ? null : String.join(" ", faults));
    }
    return info;
  }

  /** A dataset has two classes at least, and not too many. */
  void requirePossible(int classes, List<String> faults) {
    if (classes < 2 || classes > DatasetInfo.MOST_CLASSES) {
      faults.add(
          "The folder %s has %d %s, where 2 to %d are possible."
              .formatted(
                  folder, classes, classes == 1 ? "class" : "classes", DatasetInfo.MOST_CLASSES));
    }
  }

  @Override
  public boolean holds(int trainingExamples, int testExamples) {
    return true;
  }
}
