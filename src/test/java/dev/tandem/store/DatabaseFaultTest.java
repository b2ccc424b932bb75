package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that can't be used: said in a sentence, and nothing in it is changed. */
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
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "tmpfs", directory.toString()) == 0, "no rights to mount");
    try {
      Database.open(directory, Optional.empty()).close();
      byte[] history = Files.readAllBytes(directory.resolve("tandem.db"));
      assertEquals(0, run("mount", "-o", "remount,ro", directory.toString()));
      StoreException refused =
          assertThrows(StoreException.class, () -> Database.open(directory, Optional.empty()));
      assertEquals(
          "Tandem can't write to its data directory %s (Read-only file system). Choose another with --data-dir."
              .formatted(directory.toAbsolutePath()),
          refused.getMessage());
      assertArrayEquals(history, Files.readAllBytes(directory.resolve("tandem.db")));
    } finally {
      run("umount", "--lazy", directory.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
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
