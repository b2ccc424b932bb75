package dev.tandem.web;

import dev.tandem.run.BusMessage.Images;

/**
 * Test images with what they are.
 *
 * @param from index of the first
 * @param width pixels in a row
 * @param height rows
 * @param labels a class for each image
 * @param pixels grey values as unsigned bytes, 0 ground to 255 ink, row by row, image after image;
 *     in base64
 */
record TestImages(int from, int width, int height, int[] labels, byte[] pixels) {
  private static final int SIDE = 28;

  static TestImages of(int from, Images images) {
    int[] labels = new int[images.labels().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = images.labels()[i];
    }
    return new TestImages(from, SIDE, SIDE, labels, images.pixels());
  }
}
