package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/**
 * A folder of PNG or JPEG images for each class. One image in seven is for testing, told by the
 * SHA-256 of {@code class/file} ({@link Entry#of}), by which the images of each part are put in
 * order too: the same files are always the same dataset, and one that comes or goes leaves the
 * others where they are. Where there are folders {@code train} and {@code test} ({@code training}
 * and {@code testing} are as good), each with a folder for each class, they are the two parts.
 */
final class ImageFolder extends FolderDataset {
  /** Files that are looked at. */
  static final int MOST_IMAGES = 100_000;

  private static final int ONE_IN = 7;
  private static final Pattern IMAGE =
      Pattern.compile(".+\\.(png|jpg|jpeg)", Pattern.CASE_INSENSITIVE);
  private static final List<String> TRAINING = List.of("train", "training");
  private static final List<String> TEST = List.of("test", "testing");

  /** Unreadable images that are named before the rest is left unread. */
  private static final int NAMED = 5;

  private static final long NANOS_BETWEEN_MESSAGES = 200_000_000;

  private Shared<Dataset> read; // guarded by this
  private int trainingRead;
  private int testRead;

  ImageFolder(String name, Path folder, Optional<PublishedSet> copied) {
    super(name, folder, copied);
  }

  /** Whether a folder of this name is one of two parts. */
  static boolean isPart(String name) {
    return TRAINING.contains(name) || TEST.contains(name);
  }

  /**
   * An image.
   *
   * @param split tells in which part it is, where the folders don't
   * @param order comes before those with higher ones
   */
  private record Entry(Path file, int label, int split, long order) {
    static Entry of(Path file, int label) {
      Path place = file.getParent().getFileName().resolve(file.getFileName());
      String name = place.toString().replace('\\', '/');
      MessageDigest digest = Fingerprint.sha256();
      ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
      return new Entry(
          file, label, Integer.remainderUnsigned(hash.getInt(), ONE_IN), hash.getLong());
    }
  }

  /** All that is there. */
  private record Listing(List<String> classes, List<Entry> training, List<Entry> test) {
    static final Listing NONE = new Listing(List.of(), List.of(), List.of());
  }

  @Override
  Content look(List<String> faults) {
    Listing all = list(faults);
    return new Content(all.classes, all.training.size(), all.test.size());
  }

  private Listing list(List<String> faults) {
    try {
      List<Path> folders = FolderFiles.folders(folder, Integer.MAX_VALUE);
      Optional<Path> training = part(folders, TRAINING);
      Optional<Path> test = part(folders, TEST);
      if (training.isPresent() && test.isPresent()) {
        return listParts(training.get(), test.get(), faults);
      }
      return listWhole(folders, faults);
    } catch (IOException e) {
      faults.add("The folder %s cannot be read: %s.".formatted(folder, DatasetException.reason(e)));
      return Listing.NONE;
    }
  }

  private static Optional<Path> part(List<Path> folders, List<String> names) {
    return folders.stream().filter(one -> names.contains(one.getFileName().toString())).findFirst();
  }

  private Listing listWhole(List<Path> folders, List<String> faults) throws IOException {
    if (folders.isEmpty()) {
      faults.add(
          "The folder %s has %s, but no folder for each class."
              .formatted(
                  folder,
                  images(folder).isEmpty() ? "neither the four IDX files nor images" : "images"));
      return Listing.NONE;
    }
    Map<String, Integer> labels = labels(folders);
    List<Entry> all = entries(folders, labels, faults);
    List<Entry> test = all.stream().filter(entry -> entry.split == 0).toList();
    List<Entry> training = all.stream().filter(entry -> entry.split != 0).toList();
    if (faults.isEmpty() && (test.isEmpty() || training.isEmpty())) {
      faults.add(
          "The folder %s has too few images: one in %d, by its name, is for testing; that makes %d for training and %d for testing."
              .formatted(folder, ONE_IN, training.size(), test.size()));
    }
    return new Listing(names(labels, faults), training, test);
  }

  private Listing listParts(Path training, Path test, List<String> faults) throws IOException {
    List<Path> forTraining = FolderFiles.folders(training, Integer.MAX_VALUE);
    List<Path> forTest = FolderFiles.folders(test, Integer.MAX_VALUE);
    Map<String, Integer> labels = labels(forTraining);
    for (Path one : forTest) {
      if (!labels.containsKey(one.getFileName().toString())) {
        faults.add(
            "The folder %s is of a class that the folder %s lacks.".formatted(one, training));
      }
    }
    if (!faults.isEmpty()) {
      return Listing.NONE;
    }
    List<Entry> inTraining = entries(forTraining, labels, faults);
    List<Entry> inTest = entries(forTest, labels, faults);
    if (faults.isEmpty() && inTest.isEmpty()) {
      faults.add("The folder %s has no folders with images.".formatted(test));
    }
    return new Listing(names(labels, faults), inTraining, inTest);
  }

  /** A label for each folder, in the order of their names: numbers first, as such. */
  private static Map<String, Integer> labels(List<Path> folders) {
    Map<String, Integer> labels =
        new TreeMap<>(
            Comparator.<String>comparingLong(
                    name -> name.matches("\\d{1,18}") ? Long.parseLong(name) : Long.MAX_VALUE)
                .thenComparing(Comparator.naturalOrder()));
    folders.forEach(one -> labels.put(one.getFileName().toString(), 0));
    int label = 0;
    for (Map.Entry<String, Integer> of : labels.entrySet()) {
      of.setValue(label++);
    }
    return labels;
  }

  /** By {@code classes.txt} if there is one, else by the folders. */
  private List<String> names(Map<String, Integer> labels, List<String> faults) {
    requirePossible(labels.size(), faults);
    List<String> names = labels.keySet().stream().map(ClassNames::shortened).toList();
    Optional<List<String>> listed = ClassNames.listed(folder, faults);
    if (listed.isPresent() && listed.get().size() != names.size()) {
      faults.add(
          "The file %s names %d classes, but there are %d folders."
              .formatted(folder.resolve("classes.txt"), listed.get().size(), names.size()));
    }
    return listed.orElse(names);
  }

  private static List<String> images(Path folder) throws IOException {
    return FolderFiles.files(folder).stream()
        .filter(name -> IMAGE.matcher(name).matches())
        .toList();
  }

  private List<Entry> entries(List<Path> folders, Map<String, Integer> labels, List<String> faults)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (labels.size() > DatasetInfo.MOST_CLASSES) {
      return entries; // Which is said.
    }
    for (Path one : folders) {
      List<String> names = images(one);
      if (names.isEmpty()) {
        faults.add("The folder %s has no PNG or JPEG images.".formatted(one));
      }
      int label = labels.get(one.getFileName().toString());
      if (entries.size() + names.size() > MOST_IMAGES) {
        faults.add(
            "The folder %s has more than %,d images, which are too many."
                .formatted(folder, MOST_IMAGES));
        return List.of();
      }
      names.forEach(name -> entries.add(Entry.of(one.resolve(name), label)));
    }
    entries.sort(
        Comparator.comparing(Entry::order, Long::compareUnsigned).thenComparing(Entry::file));
    return entries;
  }

  @Override
  public Dataset load(int trainingExamples, int testExamples, Progress progress)
      throws DatasetException {
    Shared<Dataset> shared;
    int training;
    int test;
    synchronized (this) {
      if (read == null || trainingExamples > trainingRead || testExamples > testRead) {
        // No fewer than most runs ask for, and no more than this one needs: photos take time.
        trainingRead = Math.max(trainingExamples, PublishedSet.EMBEDDED.training());
        testRead = Math.max(testExamples, PublishedSet.EMBEDDED.test());
        read = new Shared<>();
      }
      shared = read;
      training = trainingRead;
      test = testRead;
    }
    return shared.get(progress, leader -> read(training, test, leader));
  }

  private Dataset read(int training, int test, Progress progress) throws DatasetException {
    List<String> faults = new ArrayList<>();
    Listing all = list(faults);
    if (!faults.isEmpty()) {
      throw new DatasetException(String.join(" ", faults));
    }
    List<Entry> forTraining = all.training.subList(0, Math.min(training, all.training.size()));
    List<Entry> forTest = all.test.subList(0, Math.min(test, all.test.size()));
    Reading reading = new Reading(title(), forTraining.size() + forTest.size(), progress);
    Dataset dataset = new Dataset(reading.all(forTraining), reading.all(forTest), all.classes);
    reading.refuse();
    return dataset;
  }

  /** Images on their way into memory. */
  private static final class Reading {
    private final String title;
    private final int all;
    private final Progress progress;
    private final List<String> faults = new ArrayList<>();
    private int done;
    private long told = System.nanoTime();

    Reading(String title, int all, Progress progress) {
      this.title = title;
      this.all = all;
      this.progress = progress;
    }

    LabeledImages all(List<Entry> entries) throws DatasetException {
      byte[] pixels = new byte[entries.size() * DatasetInfo.PIXELS];
      byte[] labels = new byte[entries.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (byte) entries.get(i).label;
        byte[] image = one(entries.get(i).file);
        System.arraycopy(image, 0, pixels, i * DatasetInfo.PIXELS, image.length);
        tell();
      }
      return new LabeledImages(pixels, labels, labels.length, DatasetInfo.PIXELS);
    }

    private byte[] one(Path file) throws DatasetException {
      try {
        return GreyImage.read(file);
      } catch (GreyImage.Fault e) {
        faults.add("The file %s %s.".formatted(file, e.getMessage()));
      } catch (ClosedByInterruptException e) {
        throw new CancellationException("interrupted");
      } catch (IOException e) {
        faults.add("The file %s cannot be read: %s.".formatted(file, DatasetException.reason(e)));
      }
      if (faults.size() == NAMED) {
        faults.add("There may be more.");
        refuse();
      }
      return new byte[0];
    }

    private void tell() {
      done++;
      if (progress.cancelled() || Thread.currentThread().isInterrupted()) {
        throw new CancellationException();
      }
      if (System.nanoTime() - told > NANOS_BETWEEN_MESSAGES) {
        told = System.nanoTime();
        progress.message("Reading %s: %d%%".formatted(title, 100L * done / all));
      }
    }

    void refuse() throws DatasetException {
      if (!faults.isEmpty()) {
        throw new DatasetException(String.join(" ", faults));
      }
    }
  }
}
