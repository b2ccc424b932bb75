package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A whole published dataset, from files that were downloaded before, or downloaded now. A file gets
 * its final name only when its checksum is right. Messages of exceptions go on after "… , and".
 */
final class DownloadedFiles implements IdxSource {
  private static final String PART = ".part";

  private final PublishedSet set;
  private final DatasetSettings.Timeouts timeouts;
  private final Path folder;
  private final List<URI> mirrors; // the one that worked last first
  private final Supplier<Download> downloads;
  private Download download; // made when first needed

  DownloadedFiles(PublishedSet set, DatasetSettings settings, Supplier<Download> downloads) {
    this.set = set;
    this.timeouts = settings.timeouts();
    this.folder = folder(set, settings);
    this.downloads = downloads;
    this.mirrors = new ArrayList<>(set.mirrors());
  }

  private static Path folder(PublishedSet set, DatasetSettings settings) {
    return settings.cache().resolve(set.name());
  }

  /** Whether all files were downloaded before, as far as their names tell. */
  static boolean isComplete(PublishedSet set, DatasetSettings settings) {
    return Arrays.stream(IdxPart.values())
        .allMatch(file -> Files.exists(folder(set, settings).resolve(file.gzipName())));
  }

  @Override
  public byte[] read(IdxPart file, Progress progress) throws DatasetException {
    Path kept = folder.resolve(file.gzipName());
    try {
      try {
        return verified(kept, file, progress);
      } catch (NoSuchFileException e) {
        return download(file, kept, progress);
      } catch (IdxFault | MirrorFault e) {
        Files.deleteIfExists(kept); // damaged since it was written
        return download(file, kept, progress);
      }
    } catch (ClosedByInterruptException e) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw new DatasetException(
          "the full %s cannot be kept in %s: %s. Make that folder usable, or start Tandem with %s."
              .formatted(set.title(), folder, DatasetException.reason(e), ownCopy()),
          e);
    }
  }

  private byte[] download(IdxPart file, Path kept, Progress progress)
      throws IOException, DatasetException {
    Files.createDirectories(folder);
    removeLeftovers();
    if (download == null) {
      download = downloads.get();
    }
    List<MirrorFault> faults = new ArrayList<>();
    for (URI mirror : List.copyOf(mirrors)) {
      try {
        byte[] items = download(mirror, file, kept, progress);
        mirrors.remove(mirror);
        mirrors.add(0, mirror);
        return items;
      } catch (MirrorFault e) {
        faults.add(new MirrorFault(host(mirror) + ": " + e.getMessage(), e));
      }
    }
    throw failed(faults);
  }

  private byte[] download(URI mirror, IdxPart file, Path kept, Progress progress)
      throws IOException, MirrorFault {
    Path part = kept.resolveSibling(file.gzipName() + "." + UUID.randomUUID() + PART);
    Buffer bytes =
        download.fetch(
            at(mirror, file.gzipName()),
            set.title() + ": " + file.title,
            mostBytes(file),
            progress);
    try {
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer unwritten = ByteBuffer.wrap(bytes.getBytes());
        while (unwritten.hasRemaining()) {
          out.write(unwritten);
        }
        out.force(true);
      }
      byte[] items = verified(part, file, progress);
      Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
      return items;
    } catch (IdxFault e) {
      throw new MirrorFault("it sent a file that " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private byte[] verified(Path path, IdxPart file, Progress progress)
      throws IOException, IdxFault, MirrorFault {
    PublishedSet.File published = set.files().get(file);
    try (InputStream in = Files.newInputStream(path)) {
      byte[] items = IdxFile.read(in, file, published.count(), progress);
      if (!sha256(file, items).equals(published.sha256())) {
        throw new MirrorFault("checksum does not match");
      }
      return items;
    }
  }

  private static String sha256(IdxPart file, byte[] items) {
    MessageDigest digest = Fingerprint.sha256();
    digest.update(IdxFile.header(file, items.length / file.itemBytes()));
    return HexFormat.of().formatHex(digest.digest(items));
  }

  /** Compressed files are smaller than plain ones, or, at worst, hardly larger. */
  private long mostBytes(IdxPart file) {
    return set.files().get(file).count() * (long) file.itemBytes() + (1 << 16);
  }

  /** Removes what a process that was killed left; a younger file may be another's download. */
  private void removeLeftovers() {
    Instant old = Instant.now().minus(timeouts.total()).minus(1, ChronoUnit.HOURS);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*-ubyte.gz.*" + PART)) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(old)) {
          Files.deleteIfExists(part);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Another process tidied at the same time, or the next write says what is wrong.
    }
  }

  /** An address below a mirror's. */
  static URI at(URI mirror, String name) {
    return URI.create(mirror.toString().replaceFirst("/*$", "/") + name);
  }

  /** What somebody without internet can start Tandem with. */
  private String ownCopy() {
    return set.name().equals(DatasetInfo.MNIST)
        ? "--datasets FOLDER that holds the four MNIST files"
        : "--datasets FOLDER in which a folder %s holds its four files".formatted(set.name());
  }

  private static String host(URI mirror) {
    return mirror.getHost() + (mirror.getPort() < 0 ? "" : ":" + mirror.getPort());
  }

  private DatasetException failed(List<MirrorFault> faults) {
    String reasons =
        faults.isEmpty()
            ? "no mirror is known"
            : faults.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    DatasetException failure =
        new DatasetException(
            "the full %s could not be downloaded: %s. Connect this machine to the internet, or start Tandem with %s."
                .formatted(set.title(), reasons, ownCopy()));
    faults.forEach(failure::addSuppressed);
    return failure;
  }
}
