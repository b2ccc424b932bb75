package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A data directory that can't be used: said in a sentence, and nothing in it is changed. */
@Execution(ExecutionMode.CONCURRENT)
class DatabaseFaultTest {
  @TempDir Path directory;

  @Test
  void fileThatIsNoDatabase_isNamed_andLeftAlone() throws Exception {
    byte[] bytes = new byte[20_000];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(directory.resolve("tandem.db"), bytes);
    assertSays("is damaged", file);
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void damagedPages_areFound() throws Exception {
    Database.open(directory, Optional.empty()).close();
    Path file = directory.resolve("tandem.db");
    byte[] junk = new byte[(int) Files.size(file) - 4096];
    new Random(1).nextBytes(junk);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(junk), 4096);
    }
    assertSays("is damaged", file);
  }

  @Test
  void truncatedFile_isFound() throws Exception {
    Database.open(directory, Optional.empty()).close();
    Path file = directory.resolve("tandem.db");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) / 2);
    }
    assertSays("is damaged", file);
  }

  @Test
  void directoryThatIsAFile_isNamed() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    StoreException refused =
        assertThrows(StoreException.class, () -> Database.open(file, Optional.empty()));
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains("--data-dir"), refused.getMessage());
  }

  @Test
  void directoryThatCantBeWritten_isNamed_andItsHistoryLeftAlone() throws Exception {
    if (TestDisk.foldersBind()) {
      List<String> all = List.of("tandem.db", "tandem.lock", "");
      try {
        assertReadOnlyIsNamed(
            () -> all.forEach(file -> directory.resolve(file).toFile().setWritable(false)),
            "permission denied");
      } finally {
        all.forEach(file -> directory.resolve(file).toFile().setWritable(true));
      }
    } else {
      try (TestDisk disk = TestDisk.mount(directory, "size=64m")) {
        assertReadOnlyIsNamed(disk::makeReadOnly, "Read-only file system");
      }
    }
  }

  private void assertReadOnlyIsNamed(Executable makeReadOnly, String why) throws Exception {
    Database.open(directory, Optional.empty()).close();
    byte[] history = Files.readAllBytes(directory.resolve("tandem.db"));
    assertDoesNotThrow(makeReadOnly);
    StoreException refused =
        assertThrows(StoreException.class, () -> Database.open(directory, Optional.empty()));
    assertEquals(
        "Tandem can't write to its data directory %s (%s). Choose another with --data-dir."
            .formatted(directory.toAbsolutePath(), why),
        refused.getMessage());
    assertArrayEquals(history, Files.readAllBytes(directory.resolve("tandem.db")));
  }

  @Test
  void databaseServerThatIsNotThere_isNamed_withoutThePassword() {
    StoreException refused =
        assertThrows(
            StoreException.class,
            () ->
                Database.open(
                    directory,
                    Optional.of("jdbc:postgresql://127.0.0.1:1/x?user=u&password=secret")));
    assertTrue(refused.getMessage().contains("127.0.0.1:1/x"), refused.getMessage());
    assertTrue(!refused.getMessage().contains("secret"), refused.getMessage());
  }

  private void assertSays(String what, Path file) {
    StoreException refused =
        assertThrows(StoreException.class, () -> Database.open(directory, Optional.empty()));
    assertTrue(refused.getMessage().contains(what), refused.getMessage());
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
  }
}
