package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The four IDX files of a dataset in a folder that the operator named. */
final class IdxFolder extends FolderDataset {
  private final boolean isRoot;
  private volatile Numbering numbering = new Numbering(List.of(), 0);
  private final Shared<Dataset> whole = new Shared<>();

  /**
   * @param isRoot whether it is the folder that Tandem was started with, not one in that
   */
  IdxFolder(String name, Path folder, Optional<PublishedSet> copied, boolean isRoot) {
    super(name, folder, copied);
    this.isRoot = isRoot;
  }

  @Override
  Content look(List<String> faults) {
    IdxNames names;
    try {
      names = IdxNames.in(folder);
    } catch (IOException e) {
      faults.add("%s cannot be read: %s.".formatted(theFolder(), DatasetException.reason(e)));
      return Content.NONE;
    }
    if (names.prefixes().size() > 1) {
      faults.add(
          "%s has files of several datasets (%s). Give each a folder of its own."
              .formatted(
                  theFolder(),
                  names.prefixes().stream()
                      .map(prefix -> prefix + "train-…")
                      .collect(Collectors.joining(", "))));
      return Content.NONE;
    }
    missing(names).ifPresent(faults::add);
    Map<IdxPart, Integer> counts = new EnumMap<>(IdxPart.class);
    Map<IdxPart, byte[]> labels = new EnumMap<>(IdxPart.class);
    for (IdxPart part : IdxPart.values()) {
      names
          .find(part)
          .ifPresent(
              path -> {
                try {
                  if (part.holdsImages()) {
                    counts.put(part, countedImages(path, part));
                  } else {
                    labels.put(part, read(path, part, IdxFile.MOST_ITEMS, Progress.UNHEARD));
                  }
                } catch (DatasetException e) {
                  faults.add(e.getMessage());
                }
              });
    }
    counts.forEach(
        (part, images) -> {
          byte[] of = labels.get(part.labels());
          if (of != null && of.length != images) {
            faults.add(IdxPair.unequal(title(), part, images, of.length));
          }
        });
    numbering = numbering(names, labels, faults);
    return new Content(
        numbering.classes,
        counts.getOrDefault(IdxPart.TRAIN_IMAGES, 0),
        counts.getOrDefault(IdxPart.TEST_IMAGES, 0));
  }

  /** How many images a file holds, if it is as long as it says. */
  private int countedImages(Path path, IdxPart part) throws DatasetException {
    try {
      int count;
      try (InputStream in = Files.newInputStream(path)) {
        count = IdxFile.count(in, part, IdxFile.MOST_ITEMS);
      }
      if (!IdxFile.seemsWhole(path, part, count)) {
        try (InputStream in = Files.newInputStream(path)) {
          IdxFile.read(in, part, IdxFile.MOST_ITEMS, 0, Progress.UNHEARD);
        }
      }
      return count;
    } catch (IdxFault e) {
      throw unusable(path, e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * How the labels in the files count.
   *
   * @param classes their names
   * @param least the label of the first
   */
  private record Numbering(List<String> classes, int least) {}

  private Numbering numbering(IdxNames names, Map<IdxPart, byte[]> labels, List<String> faults) {
    if (labels.isEmpty()) {
      return new Numbering(List.of(), 0);
    }
    int[] used =
        labels.values().stream()
            .flatMapToInt(of -> IntStream.range(0, of.length).map(i -> of[i] & 0xff))
            .distinct()
            .sorted()
            .toArray();
    Numbering found = named(used, faults);
    requirePossible(found.classes.size(), faults);
    labels.forEach(
        (part, of) -> {
          try {
            IdxFile.checkLabels(of, found.least, found.least + found.classes.size() - 1);
          } catch (IdxFault e) {
            faults.add(unusable(names.find(part).orElseThrow(), e).getMessage());
          }
        });
    byte[] training = labels.get(IdxPart.TRAIN_LABELS);
    if (training != null && faults.isEmpty() && isOfOneClass(training)) {
      faults.add(
          "%s has training images of one class only (%s). Networks learn to tell at least two apart."
              .formatted(theFolder(), found.classes.get((training[0] & 0xff) - found.least)));
    }
    return found;
  }

  private static boolean isOfOneClass(byte[] labels) {
    return IntStream.range(0, labels.length).allMatch(i -> labels[i] == labels[0]);
  }

  /** By the operator's names, if there are any; else each label is the name of its class. */
  private Numbering named(int[] used, List<String> faults) {
    int lowest = used.length == 0 ? 0 : used[0];
    int highest = used.length == 0 ? 0 : used[used.length - 1];
    Optional<List<String>> listed = ClassNames.listed(folder, faults);
    if (listed.isEmpty()) {
      listed = copied.map(PublishedSet::classes);
    }
    if (listed.isPresent()) {
      return new Numbering(listed.get(), lowest == 1 && highest == listed.get().size() ? 1 : 0);
    }
    TreeMap<Integer, String> mapped = ClassNames.mapped(folder, faults);
    if (!mapped.isEmpty() && mapped.lastKey() - mapped.firstKey() + 1 == mapped.size()) {
      return new Numbering(List.copyOf(mapped.values()), mapped.firstKey());
    }
    int least = lowest == 1 ? 1 : 0;
    int most = Math.min(highest, least + DatasetInfo.MOST_CLASSES - 1);
    return new Numbering(
        IntStream.rangeClosed(least, most).mapToObj(String::valueOf).toList(), least);
  }

  @Override
  public Dataset load(int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    return whole.get(
        progress,
        leader -> {
          IdxNames names = names();
          describe();
          Numbering of = numbering;
          return IdxPair.assemble(
              title(), (part, told) -> items(names, part, of, told), of.classes, leader);
        });
  }

  private IdxNames names() throws DatasetException {
    try {
      return IdxNames.in(folder);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** As they are wanted, whatever the file is like: in rows, labels from 0. */
  private byte[] items(IdxNames names, IdxPart part, Numbering of, Progress progress)
      throws DatasetException {
    Path path =
        names.find(part).orElseThrow(() -> new DatasetException(missing(names).orElseThrow()));
    int most = part.isOfTraining() ? DatasetInfo.MOST_TRAINING : DatasetInfo.MOST_TEST;
    if (part.holdsImages()) {
      byte[] pixels = read(path, part, most, progress);
      if (names.isTransposed()) {
        transpose(pixels);
      }
      return pixels;
    }
    byte[] labels = read(path, part, most, progress);
    try {
      IdxFile.checkLabels(labels, of.least, of.least + of.classes.size() - 1);
    } catch (IdxFault e) {
      throw unusable(path, e);
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] -= (byte) of.least;
    }
    return labels;
  }

  private static void transpose(byte[] images) {
    for (int image = 0; image < images.length; image += DatasetInfo.PIXELS) {
      for (int row = 0; row < DatasetInfo.SIDE; row++) {
        for (int column = 0; column < row; column++) {
          int here = image + row * DatasetInfo.SIDE + column;
          int there = image + column * DatasetInfo.SIDE + row;
          byte pixel = images[here];
          images[here] = images[there];
          images[there] = pixel;
        }
      }
    }
  }

  private byte[] read(Path path, IdxPart part, int kept, Progress progress)
      throws DatasetException {
    try (InputStream in = Files.newInputStream(path)) {
      return IdxFile.read(in, part, IdxFile.MOST_ITEMS, kept, progress);
    } catch (IdxFault e) {
      throw unusable(path, e);
    } catch (ClosedByInterruptException e) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private Optional<String> missing(IdxNames names) {
    String missing =
        Stream.of(IdxPart.values())
            .filter(part -> names.find(part).isEmpty())
            .map(IdxPart::plainName)
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("%s lacks %s (plain or .gz).".formatted(theFolder(), missing));
  }

  private String theFolder() {
    return "The folder %s%s".formatted(folder, isRoot ? ", which Tandem was started with," : "");
  }

  private DatasetException unusable(Path path, IdxFault fault) {
    return new DatasetException(
        "The file %s %s. Replace it%s."
            .formatted(
                path, fault.getMessage(), isRoot ? ", or start Tandem without --datasets" : ""),
        fault);
  }

  private static DatasetException unreadable(Path path, IOException fault) {
    return new DatasetException(
        "The file %s cannot be read: %s.".formatted(path, DatasetException.reason(fault)), fault);
  }
}
