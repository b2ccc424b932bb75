package dev.tandem.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the IDX format of MNIST: a header of big-endian integers, then unsigned bytes. */
final class IdxFile {
  /** The most images whose pixels fit one Java array; for files whose count nobody knows before. */
  static final int MOST_ITEMS = (Integer.MAX_VALUE - 8) / (MnistFile.SIDE * MnistFile.SIDE);

  private static final int BUFFER = 1 << 16;
  // As much as a header is believed before its data is there: all of MNIST, with room.
  private static final int FIRST_ALLOCATION = 1 << 26;

  private IdxFile() {}

  /**
   * Reads one file to its end, gzipped or plain, whatever its name says.
   *
   * @param raw the file's bytes; the caller closes it
   * @param most the most items to accept; no more than these are ever held in memory
   * @return the items without the header: 784 bytes an image, or one byte (0 to 9) a label
   * @throws IdxFault if these bytes are not such a file
   * @throws IOException if the bytes cannot be read
   * @throws CancellationException once {@code progress} is cancelled
   */
  static byte[] read(InputStream raw, MnistFile file, int most, Progress progress)
      throws IOException, IdxFault {
    try {
      DataInputStream in = new DataInputStream(unzipped(raw));
      int count = readHeader(in, file, most);
      byte[] items = readItems(in, file, count, progress);
      if (in.read() >= 0) {
        throw new IdxFault(
            "goes on after the %s that it says it holds".formatted(amount(count, file)));
      }
      if (!file.holdsImages()) {
        checkLabels(items);
      }
      return items;
    } catch (ZipException e) {
      throw new IdxFault("is a damaged gzip file");
    } catch (EOFException e) {
      throw new IdxFault("ends early");
    }
  }

  /** The header that a file with so many items starts with. */
  static byte[] header(MnistFile file, int count) {
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * file.dimensions);
    header.putInt(file.magic()).putInt(count);
    if (file.holdsImages()) {
      header.putInt(MnistFile.SIDE).putInt(MnistFile.SIDE);
    }
    return header.array();
  }

  private static InputStream unzipped(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip ? new BufferedInputStream(new GZIPInputStream(in, BUFFER)) : in;
  }

  private static int readHeader(DataInputStream in, MnistFile file, int most)
      throws IOException, IdxFault {
    int magic = in.readInt();
    if (magic != file.magic()) {
      throw new IdxFault(
          "is not an IDX file of %s: it starts with 0x%08x instead of 0x%08x"
              .formatted(file.items(), magic, file.magic()));
    }
    int count = in.readInt();
    if (count < 1 || count > most) {
      throw new IdxFault(
          "says that it holds %s, where 1 to %s are possible"
              .formatted(amount(Integer.toUnsignedLong(count), file), number(most)));
    }
    if (file.holdsImages()) {
      long rows = Integer.toUnsignedLong(in.readInt());
      long columns = Integer.toUnsignedLong(in.readInt());
      if (rows != MnistFile.SIDE || columns != MnistFile.SIDE) {
        throw new IdxFault(
            "holds images of %d×%d pixels instead of 28×28".formatted(rows, columns));
      }
    }
    return count;
  }

  private static byte[] readItems(InputStream in, MnistFile file, int count, Progress progress)
      throws IOException, IdxFault {
    int length = Math.multiplyExact(count, file.itemBytes());
    byte[] items = new byte[Math.min(length, FIRST_ALLOCATION)];
    int filled = 0;
    while (filled < length) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      if (filled == items.length) {
        items = Arrays.copyOf(items, (int) Math.min(length, 2L * filled));
      }
      int read = readSome(in, items, filled);
      if (read < 0) {
        throw new IdxFault(
            "ends early: it says that it holds %s, but has only %s"
                .formatted(amount(count, file), number(filled / file.itemBytes())));
      }
      filled += read;
    }
    return items;
  }

  private static int readSome(InputStream in, byte[] items, int filled) throws IOException {
    try {
      return in.read(items, filled, Math.min(BUFFER, items.length - filled));
    } catch (EOFException e) {
      return -1; // a gzip stream that was cut says it this way
    }
  }

  private static void checkLabels(byte[] labels) throws IdxFault {
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label >= MnistFile.CLASSES) {
        throw new IdxFault(
            "holds the label %d (item %s), where 0 to 9 are possible"
                .formatted(label, number(i + 1)));
      }
    }
  }

  private static String amount(long count, MnistFile file) {
    return number(count) + " " + file.items();
  }

  /** A number as messages write it: {@code 60,000}. */
  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
