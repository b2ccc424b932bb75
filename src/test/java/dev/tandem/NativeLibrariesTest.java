package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Machines on which what Tandem is made of can't be loaded: one line says why, and what helps. */
@Execution(ExecutionMode.CONCURRENT)
class NativeLibrariesTest {
  @TempDir Path directory;
  @TempDir Path mounted;

  @Test
  void temporaryFolder_fromWhichNothingMayBeExecuted_isNamed() {
    try (Mount noexec = Mount.of(mounted, "noexec")) {
      assertEquals(
          List.of(
              "Tandem can't load SQLite's native library: nothing may be executed from the folder "
                  + noexec.folder()
                  + ". Name another folder for temporary files: java -Djava.io.tmpdir=FOLDER …"),
          ServerProcess.refusal(directory, List.of("-Djava.io.tmpdir=" + noexec.folder())));
    }
  }

  @Test
  void temporaryFolder_thatCantBeWritten_isNamed() {
    try (Mount readOnly = Mount.of(mounted, "ro")) {
      assertEquals(
          List.of(
              "Tandem can't write to the folder for temporary files, "
                  + readOnly.folder()
                  + ". Name another: java -Djava.io.tmpdir=FOLDER …"),
          ServerProcess.refusal(directory, List.of("-Djava.io.tmpdir=" + readOnly.folder())));
    }
  }

  @Test
  void machine_thatSqliteIsNotBuiltFor_isNamed() {
    assertEquals(
        List.of(
            "There is no SQLite for this kind of machine (Linux/s390x). Keep the history on a"
                + " PostgreSQL server: --database jdbc:postgresql://…"),
        ServerProcess.refusal(directory, List.of("-Dos.name=Linux", "-Dos.arch=s390x")));
  }

  @Test
  void cache_fromWhichNothingMayBeExecuted_isNamed_toWhoeverAsks() {
    try (Mount noexec = Mount.of(mounted, "noexec")) {
      assertSays(
          "can't compute: nothing may be executed from JavaCPP's cache, "
              + noexec.folder()
              + ". Name another folder: java -Dorg.bytedeco.javacpp.cachedir=FOLDER …",
          "-Dorg.bytedeco.javacpp.cachedir=" + noexec.folder());
    }
  }

  @Test
  void machine_thatNd4jIsNotBuiltFor_isNamed_toWhoeverAsks() {
    assertSays(
        "can't compute: there are no native libraries for this kind of machine (linux-s390x) in"
            + " this build. Build Tandem on such a machine: Linux, macOS or Windows on x86-64,"
            + " Linux or macOS on ARM64",
        "-Dorg.bytedeco.javacpp.platform=linux-s390x");
  }

  /** In the log, to those who look after the server, and of a run. */
  private void assertSays(String why, String jvm) {
    try (ServerProcess server = ServerProcess.start(directory, List.of(jvm), Map.of())) {
      JsonObject run = server.awaitEnd(server.startRun("{}"));
      assertEquals("failed", run.getString("status"));
      assertEquals(
          "Tandem " + why + ".",
          run.getJsonArray("trainings").getJsonObject(0).getString("message"));
      assertEquals(503, server.get("/health/ready").statusCode());
      assertEquals(why, new JsonObject(server.get("/api/backend").body()).getString("reason"));
      String log = server.log();
      assertEquals(2, log.split(java.util.regex.Pattern.quote("Tandem " + why), -1).length, log);
      assertFalse(log.contains("\tat "), log);
    }
  }

  /** A small file system of its own; making one needs the rights to. */
  private record Mount(Path folder) implements AutoCloseable {
    static Mount of(Path folder, String how) {
      Assumptions.assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=64m," + how, "tmpfs", folder.toString()) == 0,
          "no rights to mount");
      assertTrue(Files.isDirectory(folder));
      return new Mount(folder);
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

    @Override
    public void close() {
      run("umount", "--lazy", folder.toString());
    }
  }
}
