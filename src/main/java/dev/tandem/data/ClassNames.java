package dev.tandem.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the operator calls the classes of a dataset in a folder. */
final class ClassNames {
  private static final String FILE = "classes.txt";
  private static final String MAPPING = "-mapping.txt";
  private static final int MOST_BYTES = 64 * 1024;

  /** Characters of a name; of a longer one the rest is left out. */
  private static final int LONGEST = 40;

  private ClassNames() {}

  /**
   * The lines of {@code classes.txt}, in the order of the labels.
   *
   * @param faults receives what is wrong with it
   */
  static Optional<List<String>> listed(Path folder, List<String> faults) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> names = lines(file, faults);
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        faults.add("The file %s names the class %s twice.".formatted(file, name));
      }
    }
    return Optional.of(names.stream().map(ClassNames::shortened).toList());
  }

  /**
   * The names in EMNIST's {@code …-mapping.txt} by their labels: each line has a label and the
   * codes of the characters that it stands for.
   *
   * @param faults receives what is wrong with it
   */
  static TreeMap<Integer, String> mapped(Path folder, List<String> faults) {
    TreeMap<Integer, String> names = new TreeMap<>();
    try {
      for (String name : FolderFiles.files(folder)) {
        if (name.endsWith(MAPPING)) {
          readMapping(folder.resolve(name), names, faults);
        }
      }
    } catch (IOException e) {
      // Whoever reads the images will say why.
    }
    return names;
  }

  /** The code of a character that can be shown. */
  private static int visible(int code) {
    if (!Character.isDefined(code)
        || Character.isISOControl(code)
        || Character.getType(code) == Character.SURROGATE) {
      throw new IllegalArgumentException("no character has the code " + code);
    }
    return code;
  }

  private static void readMapping(Path file, TreeMap<Integer, String> names, List<String> faults) {
    for (String line : lines(file, faults)) {
      try {
        String[] numbers = line.split("\\s+");
        StringBuilder characters = new StringBuilder();
        for (int i = 1; i < numbers.length; i++) {
          characters.appendCodePoint(visible(Integer.parseInt(numbers[i])));
        }
        names.put(Integer.parseUnsignedInt(numbers[0]), characters.toString());
      } catch (IllegalArgumentException e) {
        faults.add(
            "The file %s has the line \"%s\", where a label and the codes of its characters are to stand."
                .formatted(file, shortened(line)));
        return;
      }
    }
  }

  private static List<String> lines(Path file, List<String> faults) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        faults.add("The file %s is longer than %,d bytes.".formatted(file, MOST_BYTES));
        return List.of();
      }
      return Files.readAllLines(file).stream()
          .map(line -> line.replaceAll("\\p{Cntrl}|\ufeff", " ").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (CharacterCodingException e) {
      faults.add("The file %s is not a text in UTF-8.".formatted(file));
    } catch (IOException e) {
      faults.add("The file %s cannot be read: %s.".formatted(file, DatasetException.reason(e)));
    }
    return List.of();
  }

  static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= LONGEST
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
