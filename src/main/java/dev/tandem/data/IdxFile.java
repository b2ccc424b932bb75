package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the IDX format of MNIST: a header of big-endian integers, then unsigned bytes. */
final class IdxFile {
  /** The most images whose pixels fit one Java array; for files whose count nobody knows before. */
  static final int MOST_ITEMS = (Integer.MAX_VALUE - 8) / (DatasetInfo.PIXELS);

  private static final int BUFFER = 1 << 16;
  // As much as a header is believed before its data is there: all of MNIST, with room.
  private static final int FIRST_ALLOCATION = 1 << 26;

  private IdxFile() {}

  /**
   * Reads one file to its end, gzipped or plain, whatever its name says.
   *
   * @param raw the file's bytes; the caller closes it
   * @param most the most items to accept; no more than these are ever held in memory
   * @return the items without the header: the pixels of the images, or one byte a label
   * @throws IdxFault if these bytes are not such a file
   * @throws IOException if the bytes cannot be read
   * @throws CancellationException once {@code progress} is cancelled
   */
  static byte[] read(InputStream raw, IdxPart file, int most, Progress progress)
      throws IOException, IdxFault {
    return read(raw, file, most, most, progress);
  }

  /**
   * @param most the most items to accept
   * @param kept the most items to hold in memory; those after them are checked for form alone
   */
  static byte[] read(InputStream raw, IdxPart file, int most, int kept, Progress progress)
      throws IOException, IdxFault {
    try {
      DataInputStream in = new DataInputStream(unzipped(raw));
      int count = readHeader(in, file, most);
      byte[] items = readItems(in, file, count, Math.min(count, kept), progress);
      if (in.read() >= 0) {
        throw new IdxFault(
            "goes on after the %s that it says it holds".formatted(amount(count, file)));
      }
      return items;
    } catch (ZipException e) {
      throw new IdxFault("is a damaged gzip file");
    } catch (EOFException e) {
      throw new IdxFault("ends early");
    }
  }

  /** How many items a file says that it holds. */
  static int count(InputStream raw, IdxPart file, int most) throws IOException, IdxFault {
    try {
      return readHeader(new DataInputStream(unzipped(raw)), file, most);
    } catch (ZipException e) {
      throw new IdxFault("is a damaged gzip file");
    } catch (EOFException e) {
      throw new IdxFault("ends early");
    }
  }

  /**
   * Whether a file is as long as one with so many items, as far as its size tells, or, if it is
   * gzipped, what its end says of it.
   */
  static boolean seemsWhole(Path path, IdxPart file, int count) throws IOException {
    long expected = file.headerBytes() + (long) count * file.itemBytes();
    try (FileChannel in = FileChannel.open(path)) {
      ByteBuffer ends = ByteBuffer.allocate(2 + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      long length = in.size();
      in.read(ends.limit(2), 0);
      in.read(ends.limit(ends.capacity()), Math.max(0, length - Integer.BYTES));
      boolean gzip = ends.get(0) == 0x1f && ends.get(1) == (byte) 0x8b;
      return gzip ? ends.getInt(2) == (int) expected : length == expected;
    }
  }

  /** The header that a file with so many items starts with. */
  static byte[] header(IdxPart file, int count) {
    ByteBuffer header = ByteBuffer.allocate(file.headerBytes());
    header.putInt(file.magic()).putInt(count);
    if (file.holdsImages()) {
      header.putInt(DatasetInfo.SIDE).putInt(DatasetInfo.SIDE);
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

  private static int readHeader(DataInputStream in, IdxPart file, int most)
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
      if (rows != DatasetInfo.SIDE || columns != DatasetInfo.SIDE) {
        throw new IdxFault(
            "holds images of %d×%d pixels instead of %d×%d"
                .formatted(rows, columns, DatasetInfo.SIDE, DatasetInfo.SIDE));
      }
    }
    return count;
  }

  private static byte[] readItems(
      InputStream in, IdxPart file, int count, int kept, Progress progress)
      throws IOException, IdxFault {
    int length = Math.multiplyExact(kept, file.itemBytes());
    byte[] items = new byte[Math.min(length, FIRST_ALLOCATION)];
    int filled = 0;
    while (filled < length) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      if (filled == items.length) {
        items = Arrays.copyOf(items, (int) Math.min(length, 2L * filled));
      }
      int read = readSome(in, items, filled, Math.min(BUFFER, items.length - filled));
      if (read < 0) {
        throw endsEarly(file, count, filled);
      }
      filled += read;
    }
    readPast(in, file, count, kept, progress);
    return items;
  }

  private static void readPast(InputStream in, IdxPart file, int count, int kept, Progress progress)
      throws IOException, IdxFault {
    byte[] unused = new byte[BUFFER];
    long end = (long) count * file.itemBytes();
    long at = (long) kept * file.itemBytes();
    while (at < end) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      int read = readSome(in, unused, 0, (int) Math.min(BUFFER, end - at));
      if (read < 0) {
        throw endsEarly(file, count, at);
      }
      at += read;
    }
  }

  private static IdxFault endsEarly(IdxPart file, int count, long bytes) {
    return new IdxFault(
        "ends early: it says that it holds %s, but has only %s"
            .formatted(amount(count, file), number(bytes / file.itemBytes())));
  }

  private static int readSome(InputStream in, byte[] items, int filled, int most)
      throws IOException {
    try {
      return in.read(items, filled, most);
    } catch (EOFException e) {
      return -1; // a gzip stream that was cut says it this way
    }
  }

  /**
   * @param least the lowest label that is possible
   * @param most the highest
   */
  static void checkLabels(byte[] labels, int least, int most) throws IdxFault {
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label < least || label > most) {
        throw new IdxFault(
            "holds the label %d (item %s), where %d to %d are possible"
                .formatted(label, number(i + 1), least, most));
      }
    }
  }

  private static String amount(long count, IdxPart file) {
    return number(count) + " " + file.items();
  }

  /** A number as messages write it: {@code 60,000}. */
  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
