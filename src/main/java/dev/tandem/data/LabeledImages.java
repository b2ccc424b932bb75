package dev.tandem.data;

/**
 * The first {@code size} images of two arrays, which several trainings share: nobody writes to
 * them.
 *
 * @param pixels grey values as unsigned bytes, 0 (background) to 255 (ink), row by row, image after
 *     image: pixel {@code p} of image {@code i} is {@code pixels[i * features + p] & 0xff}; may
 *     hold more than {@code size} images
 * @param labels the class of each image, from 0; may hold more than {@code size} labels
 * @param size how many images count, at least 1
 * @param features pixels in one image ({@link dev.tandem.run.DatasetInfo#PIXELS})
 */
public record LabeledImages(byte[] pixels, byte[] labels, int size, int features) {
  public LabeledImages {
    if (size < 1 || size > labels.length || (long) size * features > pixels.length) {
      throw new IllegalArgumentException("There are no " + size + " images here.");
    }
  }

  /** The first {@code count} images, in the same arrays; {@code count} is 1 to {@link #size}. */
  LabeledImages first(int count) {
    return new LabeledImages(pixels, labels, count, features);
  }
}
