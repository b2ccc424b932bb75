package dev.tandem.run;

/**
 * The images that a run is trained and tested on, told from all others by their content: SHA-256
 * over the number of images and of pixels in each (4 bytes each, big-endian), all pixels (a byte
 * each), and all labels (a byte each), of the images that the run uses. Where they came from makes
 * no difference.
 *
 * @param training 64 lower-case hexadecimal digits
 * @param test 64 lower-case hexadecimal digits
 */
public record DataFingerprint(String training, String test) {
  private static final int SHOWN = 8;

  /** As much of it as people need to tell some data apart. */
  public String words() {
    return "training " + shown(training) + ", test " + shown(test);
  }

  /** The first digits of one of the two. */
  public static String shown(String digits) {
    return digits.substring(0, Math.min(SHOWN, digits.length()));
  }
}
