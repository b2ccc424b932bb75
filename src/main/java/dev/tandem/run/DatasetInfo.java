package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known of a dataset without reading its images.
 *
 * @param name by which a run asks for it
 * @param title for people
 * @param item what one image shows, a word: {@code digit} or {@code image}
 * @param classes their names, by label from 0; empty if a fault hides them
 * @param training images of the training set
 * @param test images of the test set
 * @param width pixels in a row of an image
 * @param height rows of an image
 * @param scaling what the grey values 0 (ground) and 255 (ink) are to a network; between them it is
 *     even
 * @param place where its images are
 * @param embedded how many come with the program; null for none
 * @param source whose it is and under which licence, or the folder; for people
 * @param fault why it can't be used, a sentence for people; null if it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetInfo(
    String name,
    String title,
    String item,
    List<String> classes,
    int training,
    int test,
    int width,
    int height,
    List<Float> scaling,
    Place place,
    Counts embedded,
    String source,
    String fault) {

  /** Rows, and columns, of every image: what has others is scaled to these. */
  public static final int SIDE = 28;

  /** Grey values of every image. */
  public static final int PIXELS = SIDE * SIDE;

  /** Most classes of a dataset. */
  public static final int MOST_CLASSES = 100;

  /** Most images of a training set that a run can ask for; a set may have more. */
  public static final int MOST_TRAINING = 60_000;

  /** Most images of a test set that a run can ask for. */
  public static final int MOST_TEST = 10_000;

  /** The dataset of runs that don't say which. */
  public static final String MNIST = "mnist";

  /** The classes of MNIST, and of all runs of before there were other datasets. */
  public static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(String::valueOf).toList();

  /** What shows digits. */
  public static final String DIGIT = "digit";

  /** What shows anything else. */
  public static final String IMAGE = "image";

  /** Where the images of a dataset are. */
  public enum Place {
    /** In a folder that the operator named. */
    @JsonProperty("folder")
    FOLDER,
    /** All of them on this server, after a download. */
    @JsonProperty("downloaded")
    DOWNLOADED,
    /** The first ones in the program; the others are downloaded when a run asks for them. */
    @JsonProperty("downloadable")
    DOWNLOADABLE
  }

  /** Images of each part. */
  public record Counts(int training, int test) {}

  /** Is equal to the number of classes that goes without saying. */
  static final class AsManyAsDigits {
    @Override
    public boolean equals(Object other) {
      return Integer.valueOf(DIGITS.size()).equals(other);
    }

    @Override
    public int hashCode() {
      return DIGITS.size();
    }
  }

  public DatasetInfo {
    classes = List.copyOf(classes);
    scaling = List.copyOf(scaling);
  }

  /** Whether runs can be trained on it. */
  public boolean works() {
    return fault == null;
  }
}
