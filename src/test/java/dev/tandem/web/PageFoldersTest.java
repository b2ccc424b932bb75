package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the folders of the page that app.js promises. */
class PageFoldersTest {
  private static final Path WEB = Path.of("web");

  /** Each imports from itself and from those before it; the last is {@code web} itself. */
  private static final List<String> FOLDERS =
      List.of("run", "server", "text", "page", "chart", "think", "aside", "view", "");

  /** Not those of others, which the server has elsewhere. */
  private static final Pattern IMPORTED =
      Pattern.compile("(?:from|import) ?\\(?'(?!\\.\\./vendor/)(\\.[^']+)'");

  /** An address from the server's root, which a proxy may have given to somebody else. */
  private static final Pattern FROM_THE_ROOT =
      Pattern.compile("(?:src|href)=\"/|(?:from|import) ?\\(?'/|url\\(['\"]?/|['\"`]/api\\b");

  private static final Pattern IN_HTML = Pattern.compile("(?:src|href)=\"([\\w/]+\\.(?:js|css))\"");

  @Test
  void folders_importOnlyFromThoseBeforeThem() throws IOException {
    imports()
        .forEach(
            (module, imported) ->
                imported.forEach(
                    other ->
                        assertTrue(
                            rank(other) <= rank(module), module + " may not import " + other)));
  }

  @Test
  void text_isNeverImportedByItsParts() throws IOException {
    Path whole = WEB.resolve("text/text.js");
    imports()
        .forEach(
            (module, imported) ->
                assertTrue(
                    rank(module) > rank(whole) || !imported.contains(whole), module::toString));
  }

  @Test
  void modulesAndSheets_areAllThere_andAllUsed() throws IOException {
    Set<Path> used = new TreeSet<>(named(WEB.resolve("index.html"), IN_HTML, WEB));
    imports().values().forEach(used::addAll);
    assertEquals(new TreeSet<>(files(".js", ".css")), used);
  }

  @Test
  void addresses_areRelative() throws IOException {
    for (Path file : files(".js", ".css", ".html")) {
      assertEquals(
          List.of(),
          FROM_THE_ROOT.matcher(Files.readString(file)).results().map(hit -> hit.group()).toList(),
          file::toString);
    }
  }

  private static Map<Path, List<Path>> imports() throws IOException {
    Map<Path, List<Path>> imports = new TreeMap<>();
    for (Path module : files(".js")) {
      imports.put(module, named(module, IMPORTED, module.getParent()));
    }
    return imports;
  }

  private static List<Path> named(Path file, Pattern pattern, Path from) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(found -> from.resolve(found.group(1)).normalize())
        .collect(Collectors.toList());
  }

  private static List<Path> files(String... endings) throws IOException {
    try (Stream<Path> files = Files.walk(WEB)) {
      return files
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .collect(Collectors.toList());
    }
  }

  private static int rank(Path module) {
    int rank = FOLDERS.indexOf(WEB.relativize(module.getParent()).toString());
    assertTrue(rank >= 0, () -> "a folder that app.js does not tell of: " + module);
    return rank;
  }
}
