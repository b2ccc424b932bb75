package dev.tandem;

import dev.tandem.training.BackendChoice;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line, and the environment behind it, as {@link Settings}. */
@Command(
    name = "java -jar tandem.jar",
    description = "Trains two neural networks side by side and shows it live in the browser.",
    mixinStandardHelpOptions = true,
    versionProvider = Flags.Version.class,
    sortOptions = false,
    footer = "Each flag can also be given in the environment: --data-dir as TANDEM_DATA_DIR.")
final class Flags {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:TANDEM_HOST:-127.0.0.1}",
      description = "Address to listen on. Default: 127.0.0.1, this machine alone.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_PORT:-8080}",
      description = "Port to listen on, 0 for any free one. Default: 8080.")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      defaultValue = "${env:TANDEM_DATA_DIR:-data}",
      description = "Where the history and downloaded datasets are kept. Default: data.")
  private Path dataDir;

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "${env:TANDEM_DATABASE:-" + Option.NULL_VALUE + "}",
      description =
          "jdbc:postgresql://HOST/NAME?user=…, to keep the history there instead of in a file.")
  private String database;

  @Option(
      names = "--keep-runs",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_KEEP_RUNS:-10000}",
      description = "Runs in the history; older ones are forgotten. Default: 10000.")
  private int keepRuns;

  @Option(
      names = "--no-resume",
      // With a value of its own a flag is set, without toggled: the environment may have set it.
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "${env:TANDEM_NO_RESUME:-false}",
      description = "Ends unfinished runs as interrupted at the start, rather than going on.")
  private boolean noResume;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_WORKERS:-0}",
      description = "Trainings at a time, a core each. Default: the cores, but at least 2.")
  private int workers;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_RUNS:-1}",
      description = "Runs at a time; others wait. Default: 1.")
  private int runs;

  @Option(
      names = "--backend",
      paramLabel = "cpu|cuda|auto",
      converter = Backend.class,
      defaultValue = "${env:TANDEM_BACKEND:-auto}",
      description = "What computes. Default: auto, a GPU if there is one that can, else the CPU.")
  private BackendChoice backend;

  @Option(
      names = "--datasets",
      paramLabel = "FOLDER",
      defaultValue = "${env:TANDEM_DATASETS:-" + Option.NULL_VALUE + "}",
      description = "The four MNIST files, to use in place of the embedded ones and of a download.")
  private Path datasets;

  @Option(
      names = "--mirrors",
      paramLabel = "URL",
      split = ",",
      defaultValue = "${env:TANDEM_MIRRORS:-" + Option.NULL_VALUE + "}",
      description = "Where to download the full MNIST from, instead of its public mirrors.")
  private List<URI> mirrors;

  @Mixin private AccessFlags access = new AccessFlags();

  /**
   * The settings of a command line, or nothing if it only asked for help.
   *
   * @throws ParameterException with one line on what is wrong
   */
  static Optional<Settings> parse(String[] args) {
    Flags flags = new Flags();
    CommandLine line = new CommandLine(flags);
    line.parseArgs(args);
    if (CommandLine.printHelpIfRequested(line.getParseResult())) {
      return Optional.empty();
    }
    return Optional.of(flags.settings());
  }

  private Settings settings() {
    between("--port", port, 0, 65_535);
    between("--workers", workers, 0, 1024);
    between("--runs", runs, 1, 1024);
    between("--keep-runs", keepRuns, 1, 1_000_000);
    if (database != null && !database.startsWith("jdbc:postgresql:")) {
      throw new ParameterException(
          spec.commandLine(), "--database must be a jdbc:postgresql: address");
    }
    if (host.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--host must not be empty");
    }
    List<URI> from = mirrors == null ? List.of() : mirrors;
    for (URI mirror : from) {
      if (mirror.getHost() == null || !String.valueOf(mirror.getScheme()).matches("https?")) {
        throw new ParameterException(
            spec.commandLine(), "--mirrors must be http or https addresses, not " + mirror);
      }
    }
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    return new Settings(
        host,
        port,
        dataDir,
        Optional.ofNullable(database),
        keepRuns,
        !noResume,
        workers == 0 ? cores : workers,
        runs,
        backend,
        Optional.ofNullable(datasets),
        from,
        access.settings(spec.commandLine(), host));
  }

  private void between(String flag, int value, int least, int greatest) {
    if (value < least || value > greatest) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be from %d to %d, not %d".formatted(flag, least, greatest, value));
    }
  }

  /** Lower case, as one writes it. */
  static final class Backend implements CommandLine.ITypeConverter<BackendChoice> {
    @Override
    public BackendChoice convert(String value) {
      return Stream.of(BackendChoice.values())
          .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(value))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + value + "' is not cpu, cuda or auto"));
    }
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
