package dev.tandem.data;

/**
 * What a network learns from and what it is tested on.
 *
 * @param training images to learn from
 * @param test images never learned from
 * @param classes labels are 0 to {@code classes - 1}
 */
public record Dataset(LabeledImages training, LabeledImages test, int classes) {
  /** Pixels of an MNIST image. */
  public static final int FEATURES = 28 * 28;

  /** Digits. */
  public static final int CLASSES = 10;

  /** The first so many images of each part, sharing memory with this one. */
  Dataset first(int trainingExamples, int testExamples) {
    return new Dataset(training.first(trainingExamples), test.first(testExamples), classes);
  }
}
