package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that the operator named: each folder in it is a dataset by its name. Where it has
 * MNIST's four files itself, as it had to before there were other datasets, it is MNIST.
 *
 * <p>A folder is looked at anew whenever somebody asks, and read anew once it has changed.
 * Thread-safe. Blocks.
 */
final class OwnFolders {
  /** Folders that are looked at: the first ones by name. */
  private static final int MOST = 200;

  private final Optional<Path> root;
  private final List<PublishedSet> published;
  private Map<String, Known> known = Map.of(); // guarded by this

  /**
   * @param published what the operator's folder may have an own copy of
   */
  OwnFolders(Optional<Path> root, List<PublishedSet> published) {
    this.root = root;
    this.published = published;
  }

  /** A dataset as long as its folder stays as it was. */
  private record Known(String stamp, NamedDataset dataset) {}

  /** By their names. */
  synchronized List<NamedDataset> all() {
    if (root.isEmpty()) {
      return List.of();
    }
    Path folder = root.get();
    Map<String, Path> places;
    try {
      places = places(folder);
    } catch (IOException | DirectoryIteratorException e) {
      return everything(
          "The folder %s, which Tandem was started with, %s."
              .formatted(
                  folder,
                  Files.exists(folder) ? "cannot be read: " + reason(e) : "does not exist"));
    }
    if (places.isEmpty()) {
      return everything(
          "The folder %s, which Tandem was started with, lacks %s (plain or .gz), and no folder in it holds a dataset."
              .formatted(
                  folder,
                  Stream.of(IdxPart.values())
                      .map(IdxPart::plainName)
                      .collect(Collectors.joining(", "))));
    }
    Map<String, Known> now = new TreeMap<>();
    places.forEach((name, place) -> now.put(name, look(name, place)));
    known = now;
    return now.values().stream().map(Known::dataset).toList();
  }

  private static String reason(Exception fault) {
    return DatasetException.reason(
        fault instanceof DirectoryIteratorException of ? of.getCause() : (IOException) fault);
  }

  /** The folder of each dataset. */
  private static Map<String, Path> places(Path folder) throws IOException {
    Map<String, Path> places = new TreeMap<>();
    for (Path inside : FolderFiles.folders(folder, MOST)) {
      places.put(inside.getFileName().toString(), inside);
    }
    if (IdxNames.areIn(folder)) {
      places.putIfAbsent(DatasetInfo.MNIST, folder);
    }
    return places;
  }

  private Known look(String name, Path place) {
    String stamp = FolderFiles.stamp(place);
    Known before = known.get(name);
    return before != null && before.stamp.equals(stamp)
        ? before
        : new Known(stamp, dataset(name, place));
  }

  private NamedDataset dataset(String name, Path place) {
    Optional<PublishedSet> copied =
        published.stream().filter(set -> set.name().equals(name)).findFirst();
    boolean isRoot = place.equals(root.orElse(null));
    return isRoot || IdxNames.areIn(place)
        ? new IdxFolder(name, place, copied, isRoot)
        : new ImageFolder(name, place, copied);
  }

  /** With such a folder nothing is as the operator meant it. */
  private List<NamedDataset> everything(String fault) {
    List<NamedDataset> all = new ArrayList<>();
    for (PublishedSet set : published) {
      all.add(
          new FolderDataset(set.name(), root.orElseThrow(), Optional.of(set)) {
            @Override
            Content look(List<String> faults) {
              faults.add(fault);
              return Content.NONE;
            }

            @Override
            public Dataset load(int trainingExamples, int testExamples, Progress progress)
                throws DatasetException {
              throw new DatasetException(fault);
            }
          });
    }
    return all;
  }
}
