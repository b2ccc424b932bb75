package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.util.concurrent.CancellationException;

/** A dataset that runs can ask for by its name. Thread-safe. All but its name blocks. */
interface NamedDataset {
  String name();

  /** What is known of it, and what is wrong with it as far as that shows without its images. */
  DatasetInfo describe();

  /** Whether {@link #load} of so many images needs no download. */
  boolean holds(int trainingExamples, int testExamples);

  /**
   * At least so many images of each part, if it has as many; threads that ask at once share one
   * reading, and one copy in memory, which is kept while memory allows.
   *
   * @throws DatasetException if they cannot be had, with a message for the person who asked
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  Dataset load(int trainingExamples, int testExamples, Progress progress) throws DatasetException;
}
