package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/** The environment behind the flags, as people, Kubernetes and compose files fill it. */
class FlagsEnvironmentTest {
  private static final String TOKEN = "correct-horse-battery";

  /** As {@code README.md} lists them. */
  private static final List<String> ALL =
      List.of(
          "HOST",
          "PORT",
          "DATA_DIR",
          "DATABASE",
          "KEEP_RUNS",
          "NO_RESUME",
          "BACKEND",
          "WORKERS",
          "RUNS",
          "DATASETS",
          "MIRRORS",
          "TOKEN",
          "PRIVATE",
          "INSECURE",
          "HOSTS",
          "VIEWERS",
          "CONNECTIONS",
          "STARTS");

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void emptyVariables_areUnset(String nothing) {
    Map<String, String> environment = new HashMap<>();
    ALL.forEach(name -> environment.put("TANDEM_" + name, nothing));
    assertEquals(parse(Map.of()), parse(environment));
  }

  @Test
  void variables_areRead_eachForItsFlag(@TempDir Path datasets) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TANDEM_HOST", "::1");
    environment.put("TANDEM_PORT", "81");
    environment.put("TANDEM_DATA_DIR", "elsewhere");
    environment.put("TANDEM_DATABASE", "jdbc:postgresql://db/tandem?password=${x}");
    environment.put("TANDEM_KEEP_RUNS", "5");
    environment.put("TANDEM_NO_RESUME", "yes");
    environment.put("TANDEM_BACKEND", "cpu");
    environment.put("TANDEM_WORKERS", "3");
    environment.put("TANDEM_RUNS", "2");
    environment.put("TANDEM_DATASETS", datasets.toString());
    environment.put("TANDEM_MIRRORS", "http://a/,https://b/");
    environment.put("TANDEM_TOKEN", TOKEN + "${env:HOME}");
    environment.put("TANDEM_PRIVATE", "1");
    environment.put("TANDEM_HOSTS", "a.example,b.example");
    environment.put("TANDEM_BASE_PATH", "/tandem/");
    environment.put("TANDEM_VIEWERS", "7");
    environment.put("TANDEM_CONNECTIONS", "8");
    environment.put("TANDEM_STARTS", "9");
    Settings settings = parse(environment);
    assertEquals("::1", settings.host());
    assertEquals(81, settings.port());
    assertEquals(Path.of("elsewhere"), settings.dataDir());
    assertEquals(Optional.of("jdbc:postgresql://db/tandem?password=${x}"), settings.database());
    assertEquals(5, settings.keepRuns());
    assertFalse(settings.resume());
    assertEquals(3, settings.workers());
    assertEquals(2, settings.activeRuns());
    assertEquals(Optional.of(datasets), settings.datasets());
    assertEquals("[http://a/, https://b/]", settings.mirrors().toString());
    assertEquals(Optional.of(TOKEN + "${env:HOME}"), settings.access().token());
    assertTrue(settings.access().everything());
    assertEquals(
        "[a.example, b.example]", settings.access().names().stream().sorted().toList() + "");
    assertEquals("/tandem", settings.access().basePath());
    assertEquals(7, settings.access().viewers());
    assertEquals(8, settings.access().connections());
    assertEquals(9, settings.access().startsPerMinute());
  }

  @Test
  void flag_comesBeforeItsVariable_evenBeforeAFaultyOne() {
    assertEquals(81, parse(Map.of("TANDEM_PORT", "eighty"), "--port", "81").port());
    assertFalse(parse(Map.of("TANDEM_PRIVATE", "1"), "--private=0").access().everything());
  }

  @ParameterizedTest
  @CsvSource({
    "1,true",
    "true,true",
    "TRUE,true",
    "yes,true",
    "on,true",
    "0,false",
    "false,false",
    "No,false",
    "off,false"
  })
  void booleans_areReadAsPeopleWriteThem(String given, boolean meant) {
    assertEquals(meant, !parse(Map.of("TANDEM_NO_RESUME", given)).resume());
    assertEquals(meant, !parse(Map.of(), "--no-resume=" + given).resume());
    assertEquals(
        meant, parse(Map.of("TANDEM_PRIVATE", given, "TANDEM_TOKEN", TOKEN)).access().everything());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://10.0.0.1:8080", "udp://10.0.0.1:53", "tcp://[fd00::1]:8080"})
  void addressOfAServiceNamedTandem_isNoPort_andThatIsSaid(String address) {
    Map<String, String> environment =
        Map.of(
            "TANDEM_PORT", address,
            "TANDEM_SERVICE_HOST", "10.0.0.1",
            "TANDEM_PORT_8080_TCP_PORT", "8080");
    List<String> said = warnings(() -> assertEquals(8080, parse(environment).port()));
    assertEquals(1, said.size(), "" + said);
    assertTrue(said.get(0).startsWith("TANDEM_PORT=" + address + " is ignored: it is no port"));
    assertEquals(
        List.of(), warnings(() -> assertEquals(81, parse(environment, "--port", "81").port())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORT|eighty|TANDEM_PORT must be a whole number, not 'eighty'",
        "PORT|http://x:80|TANDEM_PORT must be a whole number, not 'http://x:80'",
        "PORT|70000|TANDEM_PORT must be from 0 to 65535, not 70000",
        "WORKERS|-1|TANDEM_WORKERS must be from 0 to 1024, not -1",
        "BACKEND|gpu|TANDEM_BACKEND must be cpu, cuda or auto, not 'gpu'",
        "DATABASE|mysql:x|TANDEM_DATABASE must be a jdbc:postgresql: address",
        "MIRRORS|ftp://x|TANDEM_MIRRORS must be http or https addresses, not ftp://x",
        "MIRRORS|http://a b|TANDEM_MIRRORS must be http or https addresses, not http://a b",
        "DATASETS|/no/such|TANDEM_DATASETS must be a folder, and there is none at '/no/such'",
        "PRIVATE|perhaps|TANDEM_PRIVATE must be true or false, 1 or 0, not 'perhaps'",
        "PRIVATE|1|TANDEM_PRIVATE needs a --token",
        "HOSTS|http://x|TANDEM_HOSTS must be names without scheme and path, not http://x",
        "VIEWERS|0|TANDEM_VIEWERS must be from 1 to 1,000,000, not 0",
        "TOKEN|short|TANDEM_TOKEN must be 16 to 1,024 characters of ASCII without spaces"
      })
  void faultyVariable_isNamed(String name, String value, String said) {
    assertEquals(said, refusal(Map.of("TANDEM_" + name, value)));
  }

  @Test
  void variableThatLetsOthersIn_isNamed() {
    String said = refusal(Map.of("TANDEM_HOST", "0.0.0.0"));
    assertTrue(said.startsWith("TANDEM_HOST 0.0.0.0 lets other machines in: set a token"), said);
  }

  @Test
  void allFaults_areSaidAtOnce_eachByWhereItCameFrom() {
    assertEquals(
        Set.of(
            "TANDEM_PORT must be a whole number, not 'x'",
            "--workers must be a whole number, not 'many'",
            "--runs must be from 1 to 1024, not 0",
            "TANDEM_STARTS must be from 1 to 1,000,000, not 0"),
        Set.of(
            refusal(
                    Map.of("TANDEM_PORT", "x", "TANDEM_RUNS", "7", "TANDEM_STARTS", "0"),
                    "--workers",
                    "many",
                    "--runs",
                    "0")
                .split("; ")));
  }

  @Test
  void faultyCommandLine_andFaultyVariable_areSaidAtOnce() {
    String said = refusal(Map.of("TANDEM_PORT", "x"), "--prot", "1", "--runs");
    assertTrue(said.contains("Unknown options: '--prot', '1'"), said);
    assertTrue(said.contains("Missing required parameter for option '--runs'"), said);
    assertTrue(said.contains("TANDEM_PORT must be a whole number"), said);
    assertFalse(said.contains("must not be empty"), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host",
        "--data-dir",
        "--database",
        "--datasets",
        "--mirrors",
        "--token",
        "--hosts"
      })
  void emptyFlag_isNotAnUnsetOne(String flag) {
    assertEquals(flag + " must not be empty", refusal(Map.of(), flag, ""));
  }

  @Test
  void variablesNamedAsHelpAndVersion_meanNothing() {
    assertEquals(parse(Map.of()), parse(Map.of("TANDEM_HELP", "1", "TANDEM_VERSION", "true")));
  }

  private static Settings parse(Map<String, String> environment, String... args) {
    return Flags.parse(environment, args).orElseThrow();
  }

  private static String refusal(Map<String, String> environment, String... args) {
    return assertThrows(ParameterException.class, () -> Flags.parse(environment, args))
        .getMessage();
  }

  private static List<String> warnings(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(Flags.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    logger.addAppender(heard);
    try {
      work.run();
    } finally {
      logger.detachAppender(heard);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
    return heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
