package dev.tandem.data;

import dev.tandem.run.DatasetInfo;

/** The four files of a dataset in MNIST's form, each one IDX array of unsigned bytes. */
enum IdxPart {
  TRAIN_IMAGES("train-images", 3),
  TRAIN_LABELS("train-labels", 1),
  TEST_IMAGES("t10k-images", 3),
  TEST_LABELS("t10k-labels", 1);

  /** {@code train-images}, …: what messages call the file. */
  final String title;

  /** Dimensions of the array: 3 for images (count, rows, columns), 1 for labels (count). */
  final int dimensions;

  IdxPart(String title, int dimensions) {
    this.title = title;
    this.dimensions = dimensions;
  }

  boolean holdsImages() {
    return dimensions == 3;
  }

  /** Whether it belongs to the training set. */
  boolean isOfTraining() {
    return this == TRAIN_IMAGES || this == TRAIN_LABELS;
  }

  /** The labels of these images. */
  IdxPart labels() {
    return isOfTraining() ? TRAIN_LABELS : TEST_LABELS;
  }

  /** Bytes of one item: the pixels of an image, 1 for a label. */
  int itemBytes() {
    return holdsImages() ? DatasetInfo.PIXELS : 1;
  }

  /** The first four bytes of the file: unsigned bytes (8), so many dimensions. */
  int magic() {
    return 0x0800 | dimensions;
  }

  /** Bytes before the first item. */
  int headerBytes() {
    return 4 + 4 * dimensions;
  }

  /** What the file counts, in words. */
  String items() {
    return holdsImages() ? "images" : "labels";
  }

  /** The file's usual name, uncompressed. */
  String plainName() {
    return title + "-idx" + dimensions + "-ubyte";
  }

  /** The name under which mirrors serve the file and the cache keeps it. */
  String gzipName() {
    return plainName() + ".gz";
  }
}
