package dev.tandem.data;

import java.util.List;

/** Images and labels from the four files of a dataset in MNIST's form. */
final class IdxPair {
  private IdxPair() {}

  static Dataset assemble(String title, IdxSource source, List<String> classes, Progress progress)
      throws DatasetException {
    return new Dataset(
        pair(title, source, IdxPart.TRAIN_IMAGES, progress),
        pair(title, source, IdxPart.TEST_IMAGES, progress),
        classes);
  }

  private static LabeledImages pair(
      String title, IdxSource source, IdxPart imageFile, Progress progress)
      throws DatasetException {
    byte[] pixels = source.read(imageFile, progress);
    byte[] labels = source.read(imageFile.labels(), progress);
    int images = pixels.length / imageFile.itemBytes();
    if (images != labels.length) {
      throw new DatasetException(unequal(title, imageFile, images, labels.length));
    }
    return new LabeledImages(pixels, labels, images, imageFile.itemBytes());
  }

  /** What is said where there are more images than labels, or fewer. */
  static String unequal(String title, IdxPart imageFile, int images, int labels) {
    return "The %s files do not belong together: %s holds %s images, but %s holds %s labels."
        .formatted(
            title,
            imageFile.title,
            IdxFile.number(images),
            imageFile.labels().title,
            IdxFile.number(labels));
  }
}
