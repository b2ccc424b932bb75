package dev.tandem.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What lies in folders. What is hidden isn't there. Blocks. */
final class FolderFiles {
  /** Entries of a folder that its stamp tells of. */
  private static final int STAMPED = 2_000;

  private FolderFiles() {}

  /** The folders in a folder by name, at most so many. */
  static List<Path> folders(Path folder, int most) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path one : all) {
        if (isShown(one)) {
          folders.add(one);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return folders.stream()
        .sorted(Comparator.comparing(one -> one.getFileName().toString()))
        .limit(most)
        .toList();
  }

  /** The names of the files in a folder, in no order. */
  static List<String> files(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        if (isShown(one)) {
          names.add(one.getFileName().toString());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private static boolean isShown(Path path) {
    return !path.getFileName().toString().startsWith(".");
  }

  /**
   * Another one once something has come, gone or changed in a folder, or has come or gone in the
   * folders in it, and those in them.
   */
  static String stamp(Path folder) {
    StringBuilder stamp = new StringBuilder();
    stamp(folder, 0, stamp);
    return stamp.toString();
  }

  private static void stampOf(Path one, int depth, StringBuilder stamp) {
    stamp.append(one.getFileName());
    try {
      BasicFileAttributes is = Files.readAttributes(one, BasicFileAttributes.class);
      stamp.append(' ').append(is.lastModifiedTime().toMillis());
      stamp.append(' ').append(is.isDirectory() ? -1 : is.size()).append('\n');
      if (is.isDirectory() && depth == 0) {
        stampFolders(one, stamp);
      }
    } catch (IOException e) {
      stamp.append(" ?\n"); // A link that leads nowhere, say: the others still count.
    }
  }

  private static void stamp(Path folder, int depth, StringBuilder stamp) {
    int count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        if (++count > STAMPED) {
          break;
        }
        stampOf(one, depth, stamp);
      }
    } catch (IOException | DirectoryIteratorException e) {
      stamp.append('?'); // Whoever reads it will say why.
    }
  }

  /** Of folders alone: there may be many files in them. */
  private static void stampFolders(Path folder, StringBuilder stamp) throws IOException {
    String name = folder.getFileName().toString();
    if (ImageFolder.isPart(name)) {
      for (Path one : folders(folder, STAMPED)) {
        stamp.append(name).append('/').append(one.getFileName()).append(' ');
        stamp.append(Files.getLastModifiedTime(one).toMillis()).append('\n');
      }
    }
  }
}
