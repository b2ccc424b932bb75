package dev.tandem.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which people keep the four files: {@code train-images-idx3-ubyte}, {@code
 * t10k-labels.idx1-ubyte.gz}, {@code emnist-letters-test-images-idx3-ubyte.gz}.
 */
final class IdxNames {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<prefix>.+-)?(?<set>train|t10k|test)-(?<items>images|labels)(?<mark>[-.])idx(?<dimensions>[13])-ubyte(?<zip>\\.gz)?",
          Pattern.CASE_INSENSITIVE);

  /** EMNIST's images lie in columns, where MNIST's lie in rows. */
  private static final String EMNIST = "emnist-";

  private final Path folder;
  private final Map<IdxPart, Named> files = new EnumMap<>(IdxPart.class);
  private final TreeSet<String> prefixes = new TreeSet<>();

  private IdxNames(Path folder) {
    this.folder = folder;
  }

  private record Named(String name, String prefix, int rank) {}

  /** Whether any of the four files is in a folder, or that can't be told. */
  static boolean areIn(Path folder) {
    try {
      return FolderFiles.files(folder).stream().anyMatch(name -> NAME.matcher(name).matches());
    } catch (IOException e) {
      return true; // Whoever reads it will say why.
    }
  }

  static IdxNames in(Path folder) throws IOException {
    IdxNames names = new IdxNames(folder);
    for (String name : FolderFiles.files(folder).stream().sorted().toList()) {
      names.add(name);
    }
    return names;
  }

  private void add(String name) {
    Matcher of = NAME.matcher(name);
    if (!of.matches()) {
      return;
    }
    boolean holdsImages = of.group("items").equalsIgnoreCase("images");
    if (holdsImages != of.group("dimensions").equals("3")) {
      return;
    }
    String set = of.group("set").toLowerCase(Locale.ROOT);
    IdxPart part =
        set.equals("train")
            ? (holdsImages ? IdxPart.TRAIN_IMAGES : IdxPart.TRAIN_LABELS)
            : (holdsImages ? IdxPart.TEST_IMAGES : IdxPart.TEST_LABELS);
    // The usual names first.
    int rank =
        (set.equals("test") ? 4 : 0)
            + (of.group("mark").equals(".") ? 2 : 0)
            + (of.group("zip") == null ? 0 : 1);
    String prefix = of.group("prefix") == null ? "" : of.group("prefix");
    prefixes.add(prefix);
    files.merge(
        part, new Named(name, prefix, rank), (one, other) -> one.rank <= other.rank ? one : other);
  }

  Optional<Path> find(IdxPart part) {
    return Optional.ofNullable(files.get(part)).map(named -> folder.resolve(named.name));
  }

  /** How the names of the files begin; more than one where there are several datasets. */
  List<String> prefixes() {
    return List.copyOf(prefixes);
  }

  /** Whether the images lie in columns. */
  boolean isTransposed() {
    return prefixes.stream()
        .min(Comparator.naturalOrder())
        .filter(prefix -> prefix.toLowerCase(Locale.ROOT).startsWith(EMNIST))
        .isPresent();
  }
}
