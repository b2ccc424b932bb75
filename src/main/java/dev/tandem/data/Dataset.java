package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.util.List;

/**
 * What a network learns from and what it is tested on.
 *
 * @param training images to learn from
 * @param test images never learned from
 * @param classes their names, by label
 */
public record Dataset(LabeledImages training, LabeledImages test, List<String> classes) {
  /** Pixels of an image. */
  public static final int FEATURES = DatasetInfo.PIXELS;

  public Dataset {
    classes = List.copyOf(classes);
  }

  /** The first so many images of each part, sharing memory with this one. */
  Dataset first(int trainingExamples, int testExamples) {
    return new Dataset(training.first(trainingExamples), test.first(testExamples), classes);
  }
}
