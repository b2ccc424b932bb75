package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A dataset whose first images come with the program and whose files anyone can download: what is
 * known of it before.
 *
 * @param name by which a run asks for it, and under which its files are kept
 * @param title for people
 * @param item what one image shows, as in {@link DatasetInfo}
 * @param classes their names, by label
 * @param source whose it is, and under which licence
 * @param files what each file must hold
 * @param mirrors http or https addresses that serve the gzipped files, tried in this order
 */
record PublishedSet(
    String name,
    String title,
    String item,
    List<String> classes,
    String source,
    Map<IdxPart, File> files,
    List<URI> mirrors) {

  /** The images of each that come with the program: the first ones. */
  static final DatasetInfo.Counts EMBEDDED = new DatasetInfo.Counts(5_000, 1_000);

  static final PublishedSet MNIST =
      new PublishedSet(
          DatasetInfo.MNIST,
          "MNIST",
          DatasetInfo.DIGIT,
          DatasetInfo.DIGITS,
          "Handwritten digits, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges;"
              + " CC BY-SA 3.0; http://yann.lecun.com/exdb/mnist/",
          Map.of(
              IdxPart.TRAIN_IMAGES,
              new File(60_000, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
              IdxPart.TRAIN_LABELS,
              new File(60_000, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
              IdxPart.TEST_IMAGES,
              new File(10_000, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
              IdxPart.TEST_LABELS,
              new File(10_000, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
          List.of(
              URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
              URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")));

  static final PublishedSet FASHION_MNIST =
      new PublishedSet(
          "fashion-mnist",
          "Fashion-MNIST",
          DatasetInfo.IMAGE,
          List.of(
              "T-shirt/top",
              "Trouser",
              "Pullover",
              "Dress",
              "Coat",
              "Sandal",
              "Shirt",
              "Sneaker",
              "Bag",
              "Ankle boot"),
          "Articles of clothing, by Han Xiao, Kashif Rasul and Roland Vollgraf, © 2017 Zalando SE;"
              + " MIT licence; https://github.com/zalandoresearch/fashion-mnist",
          Map.of(
              IdxPart.TRAIN_IMAGES,
              new File(60_000, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
              IdxPart.TRAIN_LABELS,
              new File(60_000, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
              IdxPart.TEST_IMAGES,
              new File(10_000, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
              IdxPart.TEST_LABELS,
              new File(10_000, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
          // The second has no certificate; what comes from either is checked by its content.
          List.of(
              URI.create("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
              URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")));

  PublishedSet {
    classes = List.copyOf(classes);
    files = Map.copyOf(files);
    mirrors = List.copyOf(mirrors);
    for (URI mirror : mirrors) {
      String scheme = String.valueOf(mirror.getScheme());
      if (mirror.getHost() == null || !scheme.matches("(?i)https?")) {
        throw new IllegalArgumentException(mirror + " is not an http or https address");
      }
    }
  }

  /** The same from other mirrors. */
  PublishedSet at(List<URI> others) {
    return new PublishedSet(name, title, item, classes, source, files, others);
  }

  /** Images of the whole training set. */
  int training() {
    return files.get(IdxPart.TRAIN_IMAGES).count();
  }

  /** Images of the whole test set. */
  int test() {
    return files.get(IdxPart.TEST_IMAGES).count();
  }

  /**
   * What is known of a file before it is downloaded.
   *
   * @param count images or labels in it
   * @param sha256 of the uncompressed file, 64 lower-case hexadecimal digits
   */
  record File(int count, String sha256) {}
}
