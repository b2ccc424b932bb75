package dev.tandem.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** A place that MNIST's files come from. Used by one thread. */
interface MnistSource {

  /**
   * The items of one file, checked for form: 784 bytes an image, one byte (0 to 9) a label.
   *
   * @throws java.util.concurrent.CancellationException once {@code progress} is cancelled
   */
  byte[] read(MnistFile file, Progress progress) throws DatasetException;

  /** Why a file could not be read or written, in a few words and without its path. */
  static String reason(IOException fault) {
    if (fault instanceof AccessDeniedException) {
      return "access denied";
    }
    if (fault instanceof FileAlreadyExistsException || fault instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    String text = fault instanceof FileSystemException file ? file.getReason() : fault.getMessage();
    return text == null || text.isBlank()
        ? fault.getClass().getSimpleName()
        : text.toLowerCase(Locale.ROOT);
  }
}
