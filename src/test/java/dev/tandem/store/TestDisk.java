package dev.tandem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of its own at a folder. To mount one takes rights that not every user has. */
record TestDisk(Path folder) implements AutoCloseable {
  /**
   * Mounts an empty one; without the rights to, the test is aborted, saying so.
   *
   * @param options of the mount, as {@code size=64m}
   */
  static TestDisk mount(Path folder, String options) {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) == 0,
        "This test needs the right to mount a disk: run it as root, with CAP_SYS_ADMIN.");
    return new TestDisk(folder);
  }

  void makeReadOnly() {
    assertEquals(0, run("mount", "-o", "remount,ro", folder.toString()));
  }

  @Override
  public void close() {
    run("umount", "--lazy", folder.toString());
  }

  /** Whether read-only folders bind this user: they don't bind root. */
  static boolean foldersBind() throws IOException {
    return !Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
