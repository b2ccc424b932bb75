package dev.tandem.data;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Made-up pictures in files. */
final class Pictures {
  private Pictures() {}

  /** A grey one, all of one value. */
  static BufferedImage grey(int width, int height, int value) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, value);
      }
    }
    return image;
  }

  /** A coloured one, all of one colour, which may be transparent. */
  static BufferedImage coloured(int width, int height, Color colour) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D brush = image.createGraphics();
    brush.setComposite(java.awt.AlphaComposite.Src);
    brush.setColor(colour);
    brush.fillRect(0, 0, width, height);
    brush.dispose();
    return image;
  }

  static Path write(BufferedImage image, String format, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (!ImageIO.write(image, format, file.toFile())) {
      throw new AssertionError("no writer for " + format);
    }
    return file;
  }

  /** So many PNG images of a class, a shade each. */
  static void writeClass(Path folder, int count, int value) throws IOException {
    for (int i = 0; i < count; i++) {
      write(grey(28, 28, value + i), "png", folder.resolve("image" + i + ".png"));
    }
  }
}
