package dev.tandem;

import dev.tandem.dl4j.BackendChoice;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line, and the environment behind it, as {@link Settings}. */
@Command(
    name = "java -jar tandem.jar",
    description = "Trains two neural networks side by side and shows it live in the browser.",
    mixinStandardHelpOptions = true,
    versionProvider = Flags.Version.class,
    sortOptions = false,
    footer = "Each flag can also be given in the environment: --data-dir as TANDEM_DATA_DIR.")
final class Flags {
  private static final Logger LOG = LoggerFactory.getLogger(Flags.class);

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on. Default: 127.0.0.1, this machine alone.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on, 0 for any free one. Default: 8080.")
  private String port;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      defaultValue = "data",
      description = "Where the history and downloaded datasets are kept. Default: data.")
  private String dataDir;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "jdbc:postgresql://HOST/NAME?user=…, to keep the history there instead of in a file.")
  private String database;

  @Option(
      names = "--keep-runs",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Runs in the history; older ones are forgotten. Default: 10000.")
  private String keepRuns;

  @Option(
      names = "--no-resume",
      // With a value of its own a flag is set, without toggled: the environment may have set it.
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "false",
      description = "Ends unfinished runs as interrupted at the start, rather than going on.")
  private String noResume;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "0",
      description = "Trainings at a time, a core each. Default: the cores, but at least 2.")
  private String workers;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs at a time; others wait. Default: 1.")
  private String runs;

  @Option(
      names = "--backend",
      paramLabel = "cpu|cuda|auto",
      defaultValue = "auto",
      description = "What computes. Default: auto, a GPU if there is one that can, else the CPU.")
  private String backend;

  @Option(
      names = "--datasets",
      paramLabel = "FOLDER",
      description = "Your own datasets, a folder for each in it; or MNIST's four files.")
  private String datasets;

  @Option(
      names = "--mirrors",
      paramLabel = "URL",
      split = ",",
      description = "Where to download the full MNIST from, and fashion-mnist/ below it.")
  private List<String> mirrors;

  @Mixin private AccessFlags access = new AccessFlags();

  /**
   * The settings of a command line and of the environment, or nothing if it only asked for help.
   *
   * @throws ParameterException with one line on all that is wrong
   */
  static Optional<Settings> parse(String... args) {
    return parse(System.getenv(), args);
  }

  static Optional<Settings> parse(Map<String, String> environment, String... args) {
    Flags flags = new Flags();
    FlagVariables variables = new FlagVariables(environment);
    CommandLine line = new CommandLine(flags);
    line.setDefaultValueProvider(variables);
    // Values are taken as they are: a token may have a dollar in it.
    line.setInterpolateVariables(false);
    line.getCommandSpec().parser().collectErrors(true);
    ParseResult parsed = line.parseArgs(args);
    if (CommandLine.printHelpIfRequested(parsed)) {
      return Optional.empty();
    }
    FlagFaults faults = new FlagFaults(parsed, variables);
    Settings settings = flags.settings(faults, variables);
    faults.refuse();
    if (!parsed.hasMatchedOption("--port")) {
      variables.serviceAddress().ifPresent(Flags::warnOfService);
    }
    return Optional.of(settings);
  }

  private static void warnOfService(String address) {
    LOG.warn(
        "TANDEM_PORT={} is ignored: it is no port, but the address of a service named tandem, as"
            + " Kubernetes sets it. Give another port than the default with --port, or set"
            + " enableServiceLinks: false",
        address);
  }

  private Settings settings(FlagFaults faults, FlagVariables variables) {
    faults.check(
        database == null || database.startsWith("jdbc:postgresql:"),
        "--database",
        "must be a jdbc:postgresql: address");
    int trainings = faults.wholeNumber("--workers", workers, 0, 1024);
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    return new Settings(
        host,
        faults.wholeNumber("--port", port, 0, 65_535),
        faults.path("--data-dir", dataDir),
        Optional.ofNullable(database),
        faults.wholeNumber("--keep-runs", keepRuns, 1, 1_000_000),
        !faults.yesOrNo("--no-resume", noResume),
        trainings == 0 ? cores : trainings,
        faults.wholeNumber("--runs", runs, 1, 1024),
        backend(faults),
        datasets(faults),
        mirrors(faults),
        access.settings(host, variables.given("--hosts"), faults));
  }

  private BackendChoice backend(FlagFaults faults) {
    Optional<BackendChoice> choice =
        Stream.of(BackendChoice.values())
            .filter(of -> of.name().toLowerCase(Locale.ROOT).equals(backend))
            .findFirst();
    faults.check(
        choice.isPresent(), "--backend", "must be cpu, cuda or auto, not '" + backend + "'");
    return choice.orElse(BackendChoice.AUTO);
  }

  private Optional<Path> datasets(FlagFaults faults) {
    if (datasets == null) {
      return Optional.empty();
    }
    Path folder = faults.path("--datasets", datasets);
    faults.check(
        Files.isDirectory(folder),
        "--datasets",
        "must be a folder, and there is none at '" + datasets + "'");
    return Optional.of(folder);
  }

  private List<URI> mirrors(FlagFaults faults) {
    List<URI> from = new ArrayList<>();
    for (String mirror : mirrors == null ? List.<String>of() : mirrors) {
      try {
        URI address = new URI(mirror);
        faults.check(
            address.getHost() != null && String.valueOf(address.getScheme()).matches("https?"),
            "--mirrors",
            "must be http or https addresses, not " + mirror);
        from.add(address);
      } catch (URISyntaxException e) {
        faults.check(false, "--mirrors", "must be http or https addresses, not " + mirror);
      }
    }
    return from;
  }

  /** From the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Flags.class.getPackage().getImplementationVersion();
      return new String[] {"Tandem " + (version == null ? "(not packaged)" : version)};
    }
  }
}
