package dev.tandem.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds a data directory for one server. The system lets it go when the process ends, however. */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock take(Path directory) throws StoreException {
    Path file = directory.resolve("tandem.lock");
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held by another server in this process: refused like one held by another process.
    } catch (IOException e) {
      throw new StoreException(
          "Tandem can't write to its data directory %s (%s). Choose another with --data-dir."
              .formatted(directory.toAbsolutePath(), reason(e)),
          e);
    }
    closeQuietly(channel);
    throw new StoreException(
        "Another Tandem uses the data directory %s. Stop it, or choose another with --data-dir."
            .formatted(directory.toAbsolutePath()));
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.file.FileSystemException of && of.getReason() != null) {
      return of.getReason();
    }
    return e instanceof java.nio.file.FileAlreadyExistsException
        ? "it is a file"
        : String.valueOf(e.getMessage());
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing was written to it.
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
