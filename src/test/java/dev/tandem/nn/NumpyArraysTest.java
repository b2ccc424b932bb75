package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What NumPy is to read, read by the description of its format. */
class NumpyArraysTest {
  private static final int WIDE = 70_000;

  @Test
  void file_holdsEveryArray_byItsName_withItsShape() throws IOException {
    WeightsZip zip =
        new NumpyArrays()
            .add("1.weight", 5, 2, 3)
            .add("1.bias", 11, 2)
            .add("wide", 100, WIDE)
            .zip(NumpyArraysTest::places);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int parts = 0;
    while (!zip.isWhole()) {
      all.writeBytes(zip.next());
      parts++;
    }
    assertEquals(3, parts);
    assertEquals(zip.length(), all.size());
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(all.toByteArray()))) {
      assertArray(in, "1.weight.npy", "(2, 3)", 5, 6);
      assertArray(in, "1.bias.npy", "(2,)", 11, 2);
      assertArray(in, "wide.npy", "(" + WIDE + ",)", 100, WIDE);
      assertNull(in.getNextEntry());
    }
  }

  /** Each parameter is its place. */
  private static void places(int from, float[] into, int count) {
    for (int i = 0; i < count; i++) {
      into[i] = from + i;
    }
  }

  private static void assertArray(
      ZipInputStream in, String name, String shape, int first, int count) throws IOException {
    ZipEntry entry = in.getNextEntry();
    assertEquals(name, entry.getName());
    ByteBuffer array = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals((byte) 0x93, array.get());
    byte[] numpy = new byte[5];
    array.get(numpy);
    assertEquals("NUMPY", new String(numpy, StandardCharsets.US_ASCII));
    assertEquals(1, array.getShort());
    byte[] head = new byte[array.getShort()];
    array.get(head);
    assertEquals(0, array.position() % 64);
    String dictionary = new String(head, StandardCharsets.US_ASCII);
    assertTrue(dictionary.endsWith("\n"), dictionary);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", dictionary.strip());
    assertEquals(count, array.remaining() / Float.BYTES);
    for (int i = 0; i < count; i++) {
      assertEquals(first + i, array.getFloat());
    }
  }
}
