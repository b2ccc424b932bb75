package dev.tandem.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** A dataset cannot be had. The message is for a person: what is wrong, and what to do. */
public final class DatasetException extends Exception {
  private static final long serialVersionUID = 1;

  public DatasetException(String message) {
    super(message);
  }

  DatasetException(String message, Throwable cause) {
    super(message, cause);
  }

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
