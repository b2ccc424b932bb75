package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of any size and colour as 28 × 28 grey values. */
class GreyImageTest {
  @TempDir Path folder;

  @Test
  void png_ofRightSizeAndGrey_staysAsItIs() throws Exception {
    BufferedImage image = Pictures.grey(28, 28, 0);
    byte[] expected = new byte[784];
    for (int i = 0; i < 784; i++) {
      expected[i] = (byte) (i * 31);
      image.getRaster().setSample(i % 28, i / 28, 0, expected[i] & 0xff);
    }
    assertArrayEquals(expected, read(image, "png"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 128, 200, 255})
  void grey_isTheSame_asPngAndJpegAndInColours(int value) throws Exception {
    assertAll(value, read(Pictures.grey(56, 56, value), "png"));
    assertAll(value, read(Pictures.grey(56, 56, value), "jpeg"));
    assertAll(value, read(Pictures.coloured(56, 56, new Color(value, value, value)), "png"));
    BufferedImage twice = new BufferedImage(30, 30, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 900; i++) {
      twice.getRaster().setSample(i % 30, i / 30, 0, value * 257);
    }
    assertAll(value, read(twice, "png"));
  }

  @Test
  void colours_areWeighedByTheirLuma_andLieOnBlack() throws Exception {
    assertAll(76, read(Pictures.coloured(28, 28, Color.RED), "png"));
    assertAll(150, read(Pictures.coloured(28, 28, Color.GREEN), "png"));
    assertAll(29, read(Pictures.coloured(28, 28, Color.BLUE), "png"));
    assertAll(0, read(Pictures.coloured(28, 28, new Color(255, 255, 255, 0)), "png"));
    assertAll(128, read(Pictures.coloured(28, 28, new Color(255, 255, 255, 128)), "png"));
  }

  @Test
  void proportions_areKept_andItIsInTheMiddleOnBlack() throws Exception {
    byte[] wide = read(Pictures.grey(100, 50, 255), "png");
    byte[] high = read(Pictures.grey(7, 14, 255), "png");
    for (int row = 0; row < 28; row++) {
      for (int column = 0; column < 28; column++) {
        assertEquals(row >= 7 && row < 21 ? 255 : 0, wide[row * 28 + column] & 0xff);
        assertEquals(column >= 7 && column < 21 ? 255 : 0, high[row * 28 + column] & 0xff);
      }
    }
    byte[] line = read(Pictures.grey(3_000, 1, 255), "png");
    assertEquals(28 * 255, sum(line));
  }

  @Test
  void scalingDown_isTheMeanOfWhatAPixelCovers() throws Exception {
    BufferedImage stripes = Pictures.grey(84, 84, 0);
    for (int y = 0; y < 84; y++) {
      for (int x = 0; x < 84; x += 3) {
        stripes.getRaster().setSample(x, y, 0, 255);
      }
    }
    assertAll(85, read(stripes, "png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void largePictures_areScaledLikeSmallOnes(String format) throws Exception {
    BufferedImage image = Pictures.grey(2_800, 1_400, 0);
    for (int y = 0; y < 1_400; y++) {
      for (int x = 0; x < 1_400; x++) {
        image.getRaster().setSample(x, y, 0, 255);
      }
    }
    byte[] pixels = read(image, format);
    for (int row = 0; row < 28; row++) {
      for (int column = 0; column < 28; column++) {
        boolean white = column < 14 && row >= 7 && row < 21;
        // Of the edge a little may fall to the other side: not every pixel is read.
        assertEquals(white ? 255 : 0, pixels[row * 28 + column] & 0xff, 10.0);
      }
    }
  }

  @Test
  void file_thatIsNoImage_isSaid() throws Exception {
    Path text = Files.writeString(folder.resolve("a.png"), "not a picture");
    assertFault("is no PNG or JPEG image", text);
    assertFault("is no PNG or JPEG image", Files.write(folder.resolve("b.png"), new byte[0]));
    assertFault(
        "is no PNG or JPEG image",
        Pictures.write(Pictures.grey(5, 5, 9), "gif", folder.resolve("c.png")));
    byte[] whole =
        Files.readAllBytes(
            Pictures.write(Pictures.grey(50, 50, 9), "png", folder.resolve("d.png")));
    assertFault(
        "is a damaged PNG or JPEG image",
        Files.write(folder.resolve("e.png"), Arrays.copyOf(whole, whole.length / 2)));
  }

  @Test
  void hugeImages_areNotUnpacked() throws Exception {
    byte[] png =
        Files.readAllBytes(
            Pictures.write(Pictures.grey(50, 50, 9), "png", folder.resolve("a.png")));
    // The width and height in its head, and that part's checksum.
    java.nio.ByteBuffer head = java.nio.ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    java.util.zip.CRC32 sum = new java.util.zip.CRC32();
    sum.update(png, 12, 17);
    head.putInt(29, (int) sum.getValue());
    assertFault(
        "has 60,000×60,000 pixels, where at most 16,000,000 are possible",
        Files.write(folder.resolve("b.png"), png));
    assertFault(
        "is longer than 10,000,000 bytes",
        Files.write(folder.resolve("c.png"), new byte[GreyImage.MOST_BYTES + 1]));
    assertTrue(new String(png, 1, 3, StandardCharsets.US_ASCII).equals("PNG"));
  }

  private byte[] read(BufferedImage image, String format) throws Exception {
    return GreyImage.read(Pictures.write(image, format, folder.resolve("image")));
  }

  private static void assertAll(int value, byte[] pixels) {
    for (byte pixel : pixels) {
      assertEquals(value, pixel & 0xff, 1.0);
    }
  }

  private static int sum(byte[] pixels) {
    int sum = 0;
    for (byte pixel : pixels) {
      sum += pixel & 0xff;
    }
    return sum;
  }

  private static void assertFault(String expected, Path file) {
    assertEquals(
        expected, assertThrows(GreyImage.Fault.class, () -> GreyImage.read(file)).getMessage());
  }

  @Test
  void file_thatIsMissing_isNoFaultOfTheImage() {
    assertThrows(IOException.class, () -> GreyImage.read(folder.resolve("none.png")));
  }
}
