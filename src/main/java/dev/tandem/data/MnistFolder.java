package dev.tandem.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** MNIST's files in a folder that the operator named: trusted for content, checked for form. */
final class MnistFolder implements MnistSource {
  private final Path folder;

  MnistFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public byte[] read(MnistFile file, Progress progress) throws DatasetException {
    Path path = find(file).orElseThrow(this::missing);
    try (InputStream in = Files.newInputStream(path)) {
      return IdxFile.read(in, file, IdxFile.MOST_ITEMS, progress);
    } catch (IdxFault e) {
      throw new DatasetException(
          "The file %s %s. Replace it, or start Tandem without --datasets."
              .formatted(path, e.getMessage()),
          e);
    } catch (ClosedByInterruptException e) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw new DatasetException(
          "The file %s cannot be read: %s.".formatted(path, MnistSource.reason(e)), e);
    }
  }

  private Optional<Path> find(MnistFile file) {
    return file.names().stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  private DatasetException missing() {
    if (!Files.isDirectory(folder)) {
      return new DatasetException(
          "The folder %s, which Tandem was started with, does not exist.".formatted(folder));
    }
    String names =
        Stream.of(MnistFile.values())
            .filter(file -> find(file).isEmpty())
            .map(MnistFile::plainName)
            .collect(Collectors.joining(", "));
    return new DatasetException(
        "The folder %s, which Tandem was started with, lacks %s (plain or .gz)."
            .formatted(folder, names));
  }
}
