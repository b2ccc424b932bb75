package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Names and paths that a proxy serves the server under, as they are given. */
class AccessFlagsTest {
  @Test
  void names_ofFlagAndEnvironment_addUp_withoutTheirPorts() {
    AccessFlags flags = new AccessFlags();
    new CommandLine(flags).parseArgs("--hosts", "a.example:8443,B.example,", "--hosts", "[::1]:80");
    assertEquals(
        Set.of("a.example", "b.example", "[::1]", "tandem", "tandem-cuda"),
        flags.hosts("tandem, tandem-cuda,"));
    assertEquals(Set.of("a.example", "b.example", "[::1]"), flags.hosts(null));
    assertEquals(Set.of(), new AccessFlags().hosts(""));
  }

  @ParameterizedTest
  @CsvSource({"/tandem, /tandem", "/tandem/, /tandem", "/a/b-c_d.e~f, /a/b-c_d.e~f", "/, ''"})
  void basePath_isTakenWithOrWithoutItsLastSlash(String given, String path) {
    assertEquals(
        path, Flags.parse(new String[] {"--base-path", given}).orElseThrow().access().basePath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tandem", "//x", "/a//b", "/../a", "/a b", "/a?b", "http://x/a", "/a;b", "/%41"})
  void basePath_thatIsNone_isNamed(String given) {
    String said =
        assertThrows(
                ParameterException.class, () -> Flags.parse(new String[] {"--base-path", given}))
            .getMessage();
    assertTrue(said.contains("--base-path must be a path as /tandem"), said);
    assertTrue(said.contains("not " + given), said);
  }
}
