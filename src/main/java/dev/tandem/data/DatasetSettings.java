package dev.tandem.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where datasets come from.
 *
 * @param folder the operator's own: a folder for each dataset in it, or MNIST's four files
 * @param cache where downloaded files are kept, a folder for each dataset; made when first needed
 * @param published what can be downloaded
 * @param timeouts when a mirror is given up
 */
record DatasetSettings(
    Optional<Path> folder, Path cache, List<PublishedSet> published, Timeouts timeouts) {

  static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(30));

  DatasetSettings {
    published = List.copyOf(published);
  }

  /**
   * The real datasets.
   *
   * @param mirrors serve MNIST, and other datasets in a folder of their name below; empty for the
   *     public mirrors of each
   */
  static DatasetSettings of(Optional<Path> folder, Path cache, List<URI> mirrors) {
    return new DatasetSettings(
        folder,
        cache,
        List.of(
            mirrors.isEmpty() ? PublishedSet.MNIST : PublishedSet.MNIST.at(mirrors),
            mirrors.isEmpty()
                ? PublishedSet.FASHION_MNIST
                : PublishedSet.FASHION_MNIST.at(below(mirrors, PublishedSet.FASHION_MNIST.name()))),
        PATIENT);
  }

  private static List<URI> below(List<URI> mirrors, String name) {
    return mirrors.stream().map(mirror -> DownloadedFiles.at(mirror, name)).toList();
  }

  /**
   * When a mirror is given up.
   *
   * @param connect without a connection
   * @param stall without one more byte of an answer
   * @param total without the whole file
   */
  record Timeouts(Duration connect, Duration stall, Duration total) {}
}
