package dev.tandem.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Parameters as NumPy's {@code .npz}: a zip of named arrays, little-endian float32, in C order.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy's
 *     format, version 1.0</a>
 */
public final class NumpyArrays {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** The numbers begin at a multiple of it. */
  private static final int ALIGNMENT = 64;

  private final List<WeightsZip.Entry> entries = new ArrayList<>();

  /**
   * Adds an array.
   *
   * @param from the first one's place among the parameters
   * @param shape of it, which says how many there are
   */
  public NumpyArrays add(String name, int from, int... shape) {
    int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    entries.add(new WeightsZip.Entry(name + ".npy", head(shape), from, count));
    return this;
  }

  /** Begins the file. */
  public WeightsZip zip(WeightsZip.Source parameters) {
    return new WeightsZip(entries, ByteOrder.LITTLE_ENDIAN, parameters);
  }

  private static byte[] head(int[] shape) {
    // Of one dimension: (3,), as Python writes a tuple of one.
    String tuple =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "))
            + (shape.length == 1 ? "," : "");
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + "), }";
    int before = MAGIC.length + Short.BYTES;
    int length = (before + dictionary.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] padded = new byte[length - before];
    Arrays.fill(padded, (byte) ' ');
    byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, padded, 0, text.length);
    padded[padded.length - 1] = '\n';
    return ByteBuffer.allocate(length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) padded.length)
        .put(padded)
        .array();
  }
}
