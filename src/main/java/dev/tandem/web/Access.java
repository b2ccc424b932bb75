package dev.tandem.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what, and how much of it.
 *
 * @param token what starting, cancelling and deleting need; without one anyone may
 * @param everything whether watching needs it too
 * @param names host names under which the server may be asked, beside this machine's own
 * @param basePath under which a proxy serves it, as {@code /tandem}; empty for none
 * @param viewers WebSockets at a time
 * @param connections open ones at a time, WebSockets included
 * @param startsPerMinute runs that one address may start in a minute
 * @param patience how long a new connection may take to say what it wants; all other waits are
 *     multiples of it
 */
public record Access(
    Optional<String> token,
    boolean everything,
    Set<String> names,
    String basePath,
    int viewers,
    int connections,
    int startsPerMinute,
    Duration patience) {
  /** For a server that this machine alone can reach. */
  public static final Access DEFAULTS =
      new Access(Optional.empty(), false, Set.of(), 1000, 2000, 120, Duration.ofSeconds(10));

  /** At the root of its names. */
  public Access(
      Optional<String> token,
      boolean everything,
      Set<String> names,
      int viewers,
      int connections,
      int startsPerMinute,
      Duration patience) {
    this(token, everything, names, "", viewers, connections, startsPerMinute, patience);
  }

  /** Whether an address can be reached from this machine alone, or not at all. */
  public static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return true;
    }
  }

  /** Whether a server can be told to be at this path. */
  public static boolean isBasePath(String path) {
    return path.matches(BasePath.FORM);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Access[token=%s, everything=%s, names=%s]"
        .formatted(token.isPresent() ? "given" : "none", everything, names);
  }
}
