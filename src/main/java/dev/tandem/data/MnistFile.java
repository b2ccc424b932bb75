package dev.tandem.data;

import java.util.List;

/** The four files of MNIST, each one IDX array of unsigned bytes. */
enum MnistFile {
  TRAIN_IMAGES("train-images", 3),
  TRAIN_LABELS("train-labels", 1),
  TEST_IMAGES("t10k-images", 3),
  TEST_LABELS("t10k-labels", 1);

  /** Rows, and columns, of one image. */
  static final int SIDE = 28;

  /** Labels are 0 to 9. */
  static final int CLASSES = 10;

  /** {@code train-images}, …: what messages call the file. */
  final String title;

  /** Dimensions of the array: 3 for images (count, rows, columns), 1 for labels (count). */
  final int dimensions;

  MnistFile(String title, int dimensions) {
    this.title = title;
    this.dimensions = dimensions;
  }

  boolean holdsImages() {
    return dimensions == 3;
  }

  /** Bytes of one item: 784 for an image, 1 for a label. */
  int itemBytes() {
    return holdsImages() ? SIDE * SIDE : 1;
  }

  /** The first four bytes of the file: unsigned bytes (8), so many dimensions. */
  int magic() {
    return 0x0800 | dimensions;
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

  /** Names under which people keep the file, the usual ones first. */
  List<String> names() {
    String dotted = title + ".idx" + dimensions + "-ubyte";
    return List.of(plainName(), gzipName(), dotted, dotted + ".gz");
  }
}
