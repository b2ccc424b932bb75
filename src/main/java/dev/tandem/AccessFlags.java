package dev.tandem;

import dev.tandem.web.Access;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The flags about who may do what, as {@link Access}. */
final class AccessFlags {
  private static final Logger LOG = LoggerFactory.getLogger(AccessFlags.class);
  private static final int MOST = 1_000_000;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Starting, cancelling and deleting need it. Better given in the environment: other users"
              + " of this machine can see flags.")
  private String token;

  @Option(
      names = "--private",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "false",
      description = "Watching needs the token too.")
  private String everything;

  @Option(
      names = "--insecure",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      defaultValue = "false",
      description = "Let other machines in without a token.")
  private String insecure;

  @Option(
      names = "--hosts",
      paramLabel = "NAME",
      split = ",",
      description = "Names under which a proxy serves it, beside those of TANDEM_HOSTS.")
  private List<String> names;

  @Option(
      names = "--base-path",
      paramLabel = "PATH",
      description = "Path under which a proxy serves it: /tandem. Default: none.")
  private String basePath;

  @Option(
      names = "--viewers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "WebSockets at a time. Default: 1000.")
  private String viewers;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Open connections at a time, WebSockets included. Default: 2000.")
  private String connections;

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "120",
      description = "Runs that one address may start in a minute. Default: 120.")
  private String startsPerMinute;

  /**
   * What the flags ask for.
   *
   * @param host that the server is to listen on
   * @param moreHosts beside those of the flag, those of its variable; may be null
   * @param faults is told what is wrong with them
   */
  Access settings(String host, String moreHosts, FlagFaults faults) {
    Set<String> hosts = hosts(moreHosts);
    String path = basePath == null ? "" : basePath.trim().replaceFirst("/$", "");
    // The token itself is not said: the line may end in a log.
    faults.check(
        token == null || token.matches("[!-~]{16,1024}"),
        "--token",
        "must be 16 to 1,024 characters of ASCII without spaces");
    boolean watching = faults.yesOrNo("--private", everything);
    faults.check(token != null || !watching, "--private", "needs a --token");
    boolean open = token == null && !Access.isLoopback(host);
    boolean letsIn = faults.yesOrNo("--insecure", insecure);
    faults.check(
        !open || letsIn,
        "--host",
        host
            + " lets other machines in: set a token with TANDEM_TOKEN or --token, or say --insecure"
            + " to let them start and delete runs");
    for (String name : hosts) {
      faults.check(
          name.matches("[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+]"),
          "--hosts",
          "must be names without scheme and path, not " + name);
    }
    faults.check(
        path.isEmpty() || Access.isBasePath(path),
        "--base-path",
        "must be a path as /tandem, of letters, digits and . _ ~ -, not " + basePath);
    Access access =
        new Access(
            Optional.ofNullable(token),
            watching,
            hosts,
            path,
            faults.wholeNumber("--viewers", viewers, 1, MOST),
            faults.wholeNumber("--connections", connections, 1, MOST),
            faults.wholeNumber("--starts", startsPerMinute, 1, MOST),
            Access.DEFAULTS.patience());
    if (open && faults.none()) {
      LOG.warn("anyone who can reach {} may start and delete runs", host);
    }
    return access;
  }

  /** Of the flag and its variable together, so that who adds one takes none away. */
  Set<String> hosts(String environment) {
    Stream<String> flag = names == null ? Stream.of() : names.stream();
    Stream<String> more = environment == null ? Stream.of() : Stream.of(environment.split(","));
    return Stream.concat(flag, more)
        // Its port says nothing of a name.
        .map(name -> name.trim().toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", ""))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }
}
