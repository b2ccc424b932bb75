package dev.tandem.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where datasets come from.
 *
 * @param folder the operator's own folder with the four MNIST files; if given, nothing else is used
 * @param cache where downloaded files are kept; made when first needed
 * @param mirrors http or https addresses that serve the gzipped files, tried in this order
 * @param published what a downloaded file must hold
 * @param timeouts when a mirror is given up
 */
record DatasetSettings(
    Optional<Path> folder,
    Path cache,
    List<URI> mirrors,
    Map<MnistFile, Published> published,
    Timeouts timeouts) {

  /** Public mirrors of the gzipped files. */
  static final List<URI> PUBLIC_MIRRORS =
      List.of(
          URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
          URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

  static final Map<MnistFile, Published> MNIST =
      Map.of(
          MnistFile.TRAIN_IMAGES,
          new Published(60_000, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
          MnistFile.TRAIN_LABELS,
          new Published(60_000, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
          MnistFile.TEST_IMAGES,
          new Published(10_000, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
          MnistFile.TEST_LABELS,
          new Published(
              10_000, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));

  static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(30));

  DatasetSettings {
    mirrors = List.copyOf(mirrors);
    published = Map.copyOf(published);
    for (URI mirror : mirrors) {
      String scheme = String.valueOf(mirror.getScheme());
      if (mirror.getHost() == null || !scheme.matches("(?i)https?")) {
        throw new IllegalArgumentException(mirror + " is not an http or https address");
      }
    }
  }

  /** The real MNIST. */
  DatasetSettings(Optional<Path> folder, Path cache, List<URI> mirrors) {
    this(folder, cache, mirrors, MNIST, PATIENT);
  }

  /**
   * What is known of a file before it is downloaded.
   *
   * @param count images or labels in it
   * @param sha256 of the uncompressed file, 64 lower-case hexadecimal digits
   */
  record Published(int count, String sha256) {}

  /**
   * When a mirror is given up.
   *
   * @param connect without a connection
   * @param stall without one more byte of an answer
   * @param total without the whole file
   */
  record Timeouts(Duration connect, Duration stall, Duration total) {}
}
