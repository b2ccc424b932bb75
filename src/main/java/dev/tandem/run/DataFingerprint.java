package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The images that a run is trained and tested on, told from all others by their content: SHA-256
 * over the number of images and of pixels in each (4 bytes each, big-endian), all pixels (a byte
 * each), and all labels (a byte each), of the images that the run uses. Where they came from makes
 * no difference, nor what their classes are called.
 *
 * @param training 64 lower-case hexadecimal digits
 * @param test 64 lower-case hexadecimal digits
 * @param classes names of the classes, by label from 0; null in runs of before it was kept
 */
public record DataFingerprint(
    String training, String test, @JsonInclude(JsonInclude.Include.NON_NULL) List<String> classes) {
  private static final int SHOWN = 8;

  public DataFingerprint {
    classes = classes == null ? null : List.copyOf(classes);
  }

  /** Of images whose classes have no names. */
  public DataFingerprint(String training, String test) {
    this(training, test, null);
  }

  /** Whether the images are the same, with the same labels. */
  public boolean isOfSameImages(DataFingerprint other) {
    return training.equals(other.training) && test.equals(other.test);
  }

  /** As much of it as people need to tell some data apart. */
  public String words() {
    return "training " + shown(training) + ", test " + shown(test);
  }

  /** The first digits of one of the two. */
  public static String shown(String digits) {
    return digits.substring(0, Math.min(SHOWN, digits.length()));
  }
}
