package dev.tandem.data;

/** A place that the four files of a dataset come from. Used by one thread. */
interface IdxSource {

  /**
   * The items of one file, checked for form: the pixels of the images, or a byte a label.
   *
   * @throws java.util.concurrent.CancellationException once {@code progress} is cancelled
   */
  byte[] read(IdxPart part, Progress progress) throws DatasetException;
}
