package dev.tandem;

import dev.tandem.web.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags about who may do what, as {@link Access}. */
final class AccessFlags {
  private static final Logger LOG = LoggerFactory.getLogger(AccessFlags.class);
  private static final int MOST = 1_000_000;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:TANDEM_TOKEN:-" + Option.NULL_VALUE + "}",
      description =
          "Starting, cancelling and deleting need it. Better given in the environment: other users"
              + " of this machine can see flags.")
  private String token;

  @Option(
      names = "--private",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "${env:TANDEM_PRIVATE:-false}",
      description = "Watching needs the token too.")
  private boolean everything;

  @Option(
      names = "--insecure",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "${env:TANDEM_INSECURE:-false}",
      description = "Let other machines in without a token.")
  private boolean insecure;

  @Option(
      names = "--hosts",
      paramLabel = "NAME",
      split = ",",
      description = "Names under which a proxy serves it, beside those of TANDEM_HOSTS.")
  private List<String> names = List.of();

  @Option(
      names = "--base-path",
      paramLabel = "PATH",
      defaultValue = "${env:TANDEM_BASE_PATH:-" + Option.NULL_VALUE + "}",
      description = "Path under which a proxy serves it: /tandem. Default: none.")
  private String basePath;

  @Option(
      names = "--viewers",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_VIEWERS:-1000}",
      description = "WebSockets at a time. Default: 1000.")
  private int viewers;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_CONNECTIONS:-2000}",
      description = "Open connections at a time, WebSockets included. Default: 2000.")
  private int connections;

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "${env:TANDEM_STARTS:-120}",
      description = "Runs that one address may start in a minute. Default: 120.")
  private int startsPerMinute;

  /**
   * What the flags ask for.
   *
   * @param host that the server is to listen on
   * @throws ParameterException that says, in one line, all that is wrong
   */
  Access settings(CommandLine line, String host) {
    List<String> faults = new ArrayList<>();
    Set<String> hosts = hosts(System.getenv("TANDEM_HOSTS"));
    String path = basePath == null ? "" : basePath.trim().replaceFirst("/$", "");
    // The token itself is not said: the line may end in a log.
    check(
        token == null || token.matches("[!-~]{16,1024}"),
        "--token must be 16 to 1,024 characters of ASCII without spaces",
        faults);
    check(token != null || !everything, "--private needs a --token", faults);
    boolean open = token == null && !Access.isLoopback(host);
    check(
        !open || insecure,
        "--host "
            + host
            + " lets other machines in: set a token with TANDEM_TOKEN or --token, or say --insecure"
            + " to let them start and delete runs",
        faults);
    for (String name : hosts) {
      check(
          name.matches("[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+]"),
          "--hosts must be names without scheme and path, not " + name,
          faults);
    }
    check(
        path.isEmpty() || Access.isBasePath(path),
        "--base-path must be a path as /tandem, of letters, digits and . _ ~ -, not " + basePath,
        faults);
    between("--viewers", viewers, faults);
    between("--connections", connections, faults);
    between("--starts", startsPerMinute, faults);
    if (!faults.isEmpty()) {
      throw new ParameterException(line, String.join("; ", faults));
    }
    if (open) {
      LOG.warn("anyone who can reach {} may start and delete runs", host);
    }
    return new Access(
        Optional.ofNullable(token),
        everything,
        hosts,
        path,
        viewers,
        connections,
        startsPerMinute,
        Access.DEFAULTS.patience());
  }

  /** Of the flag and the environment together, so that who adds one takes none away. */
  Set<String> hosts(String environment) {
    Stream<String> more = environment == null ? Stream.of() : Stream.of(environment.split(","));
    return Stream.concat(names.stream(), more)
        // Its port says nothing of a name.
        .map(name -> name.trim().toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", ""))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  private static void between(String flag, int value, List<String> faults) {
    check(
        value >= 1 && value <= MOST,
        "%s must be from 1 to %,d, not %d".formatted(flag, MOST, value),
        faults);
  }

  private static void check(boolean right, String otherwise, List<String> faults) {
    if (!right) {
      faults.add(otherwise);
    }
  }
}
