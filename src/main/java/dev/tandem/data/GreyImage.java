package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture from a file as datasets have them: grey, {@link DatasetInfo#SIDE} pixels high and wide,
 * its proportions kept, in the middle, with black where there is nothing of it.
 */
final class GreyImage {
  /** Of a file. */
  static final int MOST_BYTES = 10_000_000;

  /** Of a picture; more would take too much time. */
  static final int MOST_PIXELS = 16_000_000;

  private static final int SIDE = DatasetInfo.SIDE;

  /** Of a larger picture only so many pixels in a row are read, or a few more: memory is dear. */
  private static final int ENOUGH = 16 * SIDE;

  static {
    // A server has no screen, even where its environment names one.
    System.setProperty("java.awt.headless", "true");
  }

  private GreyImage() {}

  /** What is wrong with a picture, as the rest of a sentence that starts with its file. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String message) {
      super(message);
    }
  }

  /**
   * The grey values of a PNG or JPEG file, row by row. Blocks.
   *
   * @throws IOException if the file cannot be read
   */
  static byte[] read(Path file) throws IOException, Fault {
    if (Files.size(file) > MOST_BYTES) {
      throw new Fault("is longer than %,d bytes".formatted(MOST_BYTES));
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return scaled(decode(bytes));
    } catch (IOException | RuntimeException e) {
      // The JDK's readers throw what they like at damaged files.
      throw new Fault("is a damaged PNG or JPEG image");
    }
  }

  private static BufferedImage decode(byte[] bytes) throws IOException, Fault {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new Fault("is no PNG or JPEG image");
      }
      ImageReader reader = readers.next();
      try {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!format.equals("png") && !format.equals("jpeg")) {
          throw new Fault("is no PNG or JPEG image");
        }
        reader.setInput(in, true, true);
        // Known from its head: it may be small as a file, and huge unpacked.
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > MOST_PIXELS) {
          throw new Fault(
              "has %,d×%,d pixels, where at most %,d are possible"
                  .formatted(width, height, MOST_PIXELS));
        }
        ImageReadParam every = reader.getDefaultReadParam();
        int step = (int) Math.max(1, Math.max(width, height) / ENOUGH);
        every.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, every);
      } finally {
        reader.dispose();
      }
    }
  }

  private static byte[] scaled(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] grey = grey(image);
    double scale = (double) SIDE / Math.max(width, height);
    int columns = Math.max(1, (int) Math.round(width * scale));
    int rows = Math.max(1, (int) Math.round(height * scale));
    int left = (SIDE - columns) / 2;
    int top = (SIDE - rows) / 2;
    byte[] pixels = new byte[DatasetInfo.PIXELS];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double mean =
            mean(
                grey,
                width,
                (double) column * width / columns,
                (double) (column + 1) * width / columns,
                (double) row * height / rows,
                (double) (row + 1) * height / rows);
        pixels[(top + row) * SIDE + left + column] = (byte) Math.round(mean);
      }
    }
    return pixels;
  }

  /** The mean of a rectangle, what is partly in it counted in part. */
  private static double mean(
      float[] grey, int width, double left, double right, double top, double bottom) {
    double sum = 0;
    double area = 0;
    for (int y = (int) top; y < bottom; y++) {
      double high = Math.min(y + 1, bottom) - Math.max(y, top);
      for (int x = (int) left; x < right; x++) {
        double part = high * (Math.min(x + 1, right) - Math.max(x, left));
        sum += part * grey[y * width + x];
        area += part;
      }
    }
    return sum / area;
  }

  /** From 0 to 255; what is transparent lies on black. */
  private static float[] grey(BufferedImage image) {
    return image.getColorModel() instanceof IndexColorModel || image.getRaster().getNumBands() > 2
        ? ofColours(image)
        : ofGreys(image);
  }

  /** As luma, by the weights of JPEG and of most programs. */
  private static float[] ofColours(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
    float[] grey = new float[colours.length];
    for (int i = 0; i < grey.length; i++) {
      int red = colours[i] >> 16 & 0xff;
      int green = colours[i] >> 8 & 0xff;
      int blue = colours[i] & 0xff;
      float alpha = (colours[i] >>> 24) / 255f;
      grey[i] = (0.299f * red + 0.587f * green + 0.114f * blue) * alpha;
    }
    return grey;
  }

  /** As they are in the file: Java's own conversion would brighten them. */
  private static float[] ofGreys(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int height = image.getHeight();
    float scale = 255f / ((1 << model.getComponentSize(0)) - 1);
    float[] grey = raster.getSamples(0, 0, width, height, 0, (float[]) null);
    float[] alphas =
        model.hasAlpha() ? raster.getSamples(0, 0, width, height, 1, (float[]) null) : null;
    for (int i = 0; i < grey.length; i++) {
      float alpha = alphas == null ? 1 : alphas[i] / ((1 << model.getComponentSize(1)) - 1);
      grey[i] *= scale * alpha;
    }
    return grey;
  }
}
