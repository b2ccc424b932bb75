package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

/** The program, as a process of its own where that matters. */
@Execution(ExecutionMode.CONCURRENT)
class CommandLineTest {
  private static final String TOKEN = "correct-horse-battery";

  @TempDir Path dataDir;

  @Test
  void ready_isSaidInOneLine_environmentIsReadWhereNoFlagIsGiven_andSigtermEndsARunningServer()
      throws Exception {
    Process process =
        start(
            Map.of(
                "TANDEM_PORT",
                "0",
                "TANDEM_DATA_DIR",
                dataDir.toString(),
                "TANDEM_HOST",
                "x.invalid",
                "TANDEM_TOKEN",
                TOKEN,
                "TANDEM_PRIVATE",
                "true"),
            "--host",
            "localhost");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        BufferedReader log = process.errorReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      assertTrue(line.matches("Tandem is at http://localhost:\\d+"), line);
      URI runs = URI.create(line.substring(line.indexOf("http")) + "/api/runs");
      assertEquals(401, status(HttpRequest.newBuilder(runs)));
      assertEquals(
          201,
          status(
              HttpRequest.newBuilder(runs)
                  .header("Authorization", "Bearer " + TOKEN)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"epochs\":1000}"))));
      // Not Process.destroy, which would close the streams that are read below.
      process.toHandle().destroy();
      assertTrue(process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS));
      assertNull(out.readLine());
      List<String> logged = log.lines().toList();
      assertTrue(logged.stream().noneMatch(l -> l.contains("good order")), logged::toString);
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prot 1|Unknown option",
        "--port eighty|--port",
        "--port 70000|--port must be from 0 to 65535, not 70000",
        "--workers -1|--workers must be from 0 to 1024, not -1",
        "--runs 0|--runs must be from 1 to 1024, not 0",
        "--mirrors ftp://x|--mirrors must be http or https addresses, not ftp://x",
        "extra|Unmatched argument",
        "--host 0.0.0.0|--host 0.0.0.0 lets other machines in: set a token",
        "--host :: --viewers 0|; --viewers must be from 1 to 1,000,000, not 0",
        "--private|--private needs a --token",
        "--token short|--token must be 16 to 1,024 characters",
        "--hosts http://x|--hosts must be names without scheme and path, not http://x",
        "--viewers 0 --connections 0 --starts 0|--viewers must be from 1 to 1,000,000, not 0; --connections",
        "--private=perhaps|--private"
      })
  void badFlag_isNamed(String args, String said) {
    String refused = refusal(args.split(" "));
    assertTrue(refused.contains(said), refused);
  }

  @Test
  void badFlag_isOneLine_andStatus2() throws Exception {
    Process process = start(Map.of(), "--port", "70000");
    List<String> errors = ended(process);
    assertEquals(2, process.exitValue());
    assertEquals(
        List.of("--port must be from 0 to 65535, not 70000 (--help lists the flags)"), errors);
  }

  /** The line that a process with these flags ends with. */
  private static String refusal(String... args) {
    String message = assertThrows(ParameterException.class, () -> Flags.parse(args)).getMessage();
    return message.lines().findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fifteen letters", "with a space in it", "with ümläuts in it"})
  void badToken_isNotEchoed(String token) {
    String refused = refusal("--token", token);
    assertTrue(refused.contains("--token must be"), refused);
    assertFalse(refused.contains(token), refused);
  }

  @Test
  void badToken_inTheEnvironment_isNotEchoed() throws Exception {
    Process process = start(Map.of("TANDEM_TOKEN", "fifteen letters"), "--port", "0");
    List<String> errors = ended(process);
    assertEquals(2, process.exitValue());
    assertEquals(1, errors.size(), "" + errors);
    assertTrue(errors.get(0).contains("TANDEM_TOKEN must be"), errors.get(0));
    assertFalse(errors.get(0).contains("fifteen letters"), errors.get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "--insecure, 200",
    "--token correct-horse-battery, 200",
    "--token correct-horse-battery --private, 401"
  })
  void otherMachines_areLetIn_withATokenOrOnDemand(String flags, int watching) {
    String all = "--port 0 --host 0.0.0.0 --data-dir " + dataDir + " " + flags;
    try (TestServer server = TestServer.start(Flags.parse(all.split(" ")).orElseThrow())) {
      assertEquals(watching, server.get("/api/runs").statusCode());
    }
  }

  @Test
  void portInUse_isOneLine_andStatus1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Process process = start(Map.of(), "--port", String.valueOf(taken.getLocalPort()));
      List<String> errors = ended(process);
      assertEquals(1, process.exitValue());
      assertEquals(1, errors.size(), "" + errors);
      assertTrue(errors.get(0).contains("Address already in use"), errors.get(0));
      assertFalse(errors.get(0).contains("Exception"));
    }
  }

  @Test
  void help_namesEveryFlag() throws Exception {
    Process process = start(Map.of(), "--help");
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    for (String flag :
        List.of(
            "--host",
            "--port",
            "--data-dir",
            "--workers",
            "--runs",
            "--datasets",
            "--mirrors",
            "--token",
            "--private",
            "--insecure",
            "--hosts",
            "--viewers",
            "--connections",
            "--starts")) {
      assertTrue(help.contains(flag), flag);
    }
  }

  private static Process start(Map<String, String> environment, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ServerProcess.QUICK_START);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tandem.Tandem"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int status(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** What it wrote to standard error. */
  private static List<String> ended(Process process) throws Exception {
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      List<String> lines = errors.lines().toList();
      assertTrue(process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS));
      return lines;
    }
  }
}
