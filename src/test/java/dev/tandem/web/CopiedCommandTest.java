package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the page gives to copy for Windows, read as Windows reads it: there is none here to try it
 * in.
 */
class CopiedCommandTest extends PageFixture {
  private static final String ADDRESS = "http://localhost:8080/it's/api/runs";

  /** All that means something to a shell, and to JSON. */
  private static final String NAME =
      "a&b|c<d>e^f %PATH% !x! 'q' \"quoted\" back\\slash `$(id) $HOME (é) ألف 😀\\";

  private static final JsonObject SETTINGS =
      new JsonObject()
          .put("epochs", 10)
          .put("learningRate", 1e-3)
          .put("variants", List.of(Map.of("normalization", "none", "name", NAME)));

  private String command(String shell, boolean token) {
    return (String)
        page.evaluate(
            "async ([shell, settings, address, token]) => (await import('/text/take.js'))[shell](JSON.parse(settings), address, token)",
            List.of(shell, SETTINGS.encode(), ADDRESS, token));
  }

  @Test
  void cmd_readsIt_asOneCommandWithSoundJson() {
    String command = command("cmd", true);
    assertEquals(List.of("TANDEM_TOKEN"), variables(command));
    assertOneCommand(command);
    assertEquals(
        List.of(
            "curl",
            "-X",
            "POST",
            ADDRESS,
            "-H",
            "Content-Type: application/json",
            "-H",
            "Authorization: Bearer %TANDEM_TOKEN%",
            "-d"),
        arguments(command).subList(0, 9));
    assertEquals(10, arguments(command).size());
    assertEquals(SETTINGS, new JsonObject(arguments(command).get(9)));
    assertFalse(command("cmd", false).contains("TOKEN"));
  }

  /** What stands between two percent signs. */
  private static List<String> variables(String command) {
    String[] parts = command.split("%", -1);
    List<String> found = new ArrayList<>();
    for (int i = 1; i < parts.length; i += 2) {
      found.add(parts[i]);
    }
    return found;
  }

  /** To cmd each quote begins or ends a text, also one behind a backslash. */
  private static void assertOneCommand(String command) {
    boolean quoted = false;
    for (char each : command.toCharArray()) {
      quoted ^= each == '"';
      assertTrue(quoted || "&|<>^!".indexOf(each) < 0, command);
      assertTrue(each >= ' ' && each <= '~', command);
    }
  }

  /** As programs of Windows take their command line apart. */
  private static List<String> arguments(String command) {
    List<String> all = new ArrayList<>();
    StringBuilder now = new StringBuilder();
    boolean quoted = false;
    int slashes = 0;
    for (char each : (command + " ").toCharArray()) {
      if (each == '\\') {
        slashes++;
        continue;
      }
      boolean literal = each == '"' && slashes % 2 == 1;
      now.append("\\".repeat(each == '"' ? slashes / 2 : slashes));
      slashes = 0;
      if (each == '"' && !literal) {
        quoted = !quoted;
      } else if (each == ' ' && !quoted) {
        all.add(now.toString());
        now.setLength(0);
      } else {
        now.append(each);
      }
    }
    return all;
  }

  @Test
  void powershell_readsIt_asTextsWithoutQuotesInThem() {
    String command = command("powershell", true);
    String[] parts = command.split("'", -1);
    assertEquals(5, parts.length, command);
    assertEquals("Invoke-RestMethod -Method Post ", parts[0]);
    assertEquals("http://localhost:8080/it%27s/api/runs", parts[1]);
    assertEquals(
        " -ContentType application/json -Headers @{ Authorization = \"Bearer $env:TANDEM_TOKEN\" } -Body ",
        parts[2]);
    assertEquals(SETTINGS, new JsonObject(parts[3]));
    assertEquals("", parts[4]);
    assertFalse(command("powershell", false).contains("Headers"));
  }

  @Test
  void sh_readsIt_asTextsWithoutQuotesInThem() {
    String[] parts = command("curl", true).split("'", -1);
    assertEquals(7, parts.length);
    assertEquals("http://localhost:8080/it%27s/api/runs", parts[1]);
    assertTrue(parts[4].contains("-H \"Authorization: Bearer $TANDEM_TOKEN\""), parts[4]);
    assertEquals(SETTINGS, new JsonObject(parts[5]));
    assertFalse(command("curl", false).contains("TOKEN"));
  }
}
