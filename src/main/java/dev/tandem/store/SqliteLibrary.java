package dev.tandem.store;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/** SQLite's native library, which its driver unpacks into a folder at each start. */
final class SqliteLibrary {
  private static final long ENOUGH_BYTES = 4 << 20;

  private SqliteLibrary() {}

  /**
   * Loads it, before a pool of connections tries to, again and again. Blocks.
   *
   * @throws StoreException with cause and remedy, if it can't be loaded
   */
  static void load() throws StoreException {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      throw new StoreException(explain(), e);
    }
  }

  private static String explain() {
    String platform = OSInfo.getNativeLibFolderPathForCurrentOS();
    if (SQLiteJDBCLoader.class.getResource("native/" + platform) == null) {
      return "There is no SQLite for this kind of machine (%s). Keep the history on a PostgreSQL server: --database jdbc:postgresql://…"
          .formatted(platform);
    }
    Path folder =
        Path.of(System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir")));
    return "Tandem can't load SQLite's native library: %s. Name another folder for temporary files: java -Djava.io.tmpdir=FOLDER …"
        .formatted(fault(folder));
  }

  private static String fault(Path folder) {
    File file = folder.toFile();
    if (!Files.isDirectory(folder)) {
      return "there is no folder " + folder;
    }
    if (!Files.isWritable(folder)) {
      return "the folder %s can't be written to".formatted(folder);
    }
    return file.getUsableSpace() < ENOUGH_BYTES
        ? "the disk with the folder %s is full".formatted(folder)
        : "nothing may be executed from the folder %s".formatted(folder);
  }
}
