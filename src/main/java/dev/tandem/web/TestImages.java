package dev.tandem.web;

import dev.tandem.run.BusMessage.Images;
import dev.tandem.run.DatasetInfo;
import java.util.List;

/**
 * Test images with what they are.
 *
 * @param from index of the first
 * @param width pixels in a row
 * @param height rows
 * @param classes names of the classes, by label
 * @param labels a class for each image
 * @param pixels grey values as unsigned bytes, 0 ground to 255 ink, row by row, image after image;
 *     in base64
 */
record TestImages(
    int from, int width, int height, List<String> classes, int[] labels, byte[] pixels) {

  static TestImages of(int from, Images images) {
    int[] labels = new int[images.labels().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = images.labels()[i];
    }
    return new TestImages(
        from, DatasetInfo.SIDE, DatasetInfo.SIDE, images.classes(), labels, images.pixels());
  }
}
