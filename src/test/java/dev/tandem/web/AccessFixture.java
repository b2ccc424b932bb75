package dev.tandem.web;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Ways to start a server. */
final class AccessFixture {
  static final String TOKEN = "correct-horse-battery";
  static final String SMALL =
      "{\"trainingExamples\":120,\"testExamples\":10,\"epochs\":1,\"hiddenLayers\":[4]}";

  private AccessFixture() {}

  static Access withToken() {
    return access(Optional.of(TOKEN), false, Set.of());
  }

  static Access allPrivate() {
    return access(Optional.of(TOKEN), true, Set.of());
  }

  static Access withNames(String... names) {
    return access(Optional.empty(), false, Set.of(names));
  }

  /** Watching needs the token; a proxy serves it under these names and below this path. */
  static Access behindAProxy(String basePath, String... names) {
    Access usual = allPrivate();
    return new Access(
        usual.token(),
        usual.everything(),
        Set.of(names),
        basePath,
        usual.viewers(),
        usual.connections(),
        usual.startsPerMinute(),
        usual.patience());
  }

  /** Small enough to be reached by a test. */
  static Access withLimits(int viewers, int connections, int starts, Duration patience) {
    return new Access(Optional.empty(), false, Set.of(), viewers, connections, starts, patience);
  }

  private static Access access(Optional<String> token, boolean everything, Set<String> names) {
    Access usual = Access.DEFAULTS;
    return new Access(
        token,
        everything,
        names,
        usual.viewers(),
        usual.connections(),
        usual.startsPerMinute(),
        usual.patience());
  }
}
