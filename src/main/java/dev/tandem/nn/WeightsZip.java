package dev.tandem.nn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Parameters as a zip that is made part by part, so that no more than a part of it is in memory.
 * Not compressed, because weights hardly can be, and so its length is known beforehand. Used by one
 * thread at a time.
 */
public final class WeightsZip {
  /** Floats in a part: 128 KiB. */
  private static final int PART = 32 * 1024;

  /** Bytes of the zip's end record. */
  private static final int END = 22;

  private final List<Entry> entries;
  private final Source parameters;
  private final ByteArrayOutputStream made = new ByteArrayOutputStream(5 * PART);
  private final ZipOutputStream zip = new ZipOutputStream(made);
  private final float[] floats = new float[PART];
  private final ByteBuffer bytes;
  private final long[] checksums;
  private final long length;

  /** The entry that is being written, and how many of its parameters have been. */
  private int entry;

  private int written;

  /** Reads some parameters, by their places. */
  @FunctionalInterface
  public interface Source {
    void read(int from, float[] into, int count);
  }

  /**
   * One file in the zip.
   *
   * @param name in ASCII
   * @param head comes before the parameters
   * @param from the first parameter's place
   * @param count of parameters, one after the other; may be 0
   */
  public record Entry(String name, byte[] head, int from, int count) {}

  /**
   * Begins one. Takes a while: all parameters are gone through once for their checksums.
   *
   * @param order of a float's bytes
   */
  public WeightsZip(List<Entry> entries, ByteOrder order, Source parameters) {
    this.entries = List.copyOf(entries);
    this.parameters = parameters;
    bytes = ByteBuffer.allocate(PART * Float.BYTES).order(order);
    checksums = new long[entries.size()];
    long sum = END;
    for (int i = 0; i < checksums.length; i++) {
      Entry of = entries.get(i);
      checksums[i] = checksum(of);
      // Before its content, its content, and in the directory.
      sum += 30 + of.name.length() + size(of) + 46 + of.name.length();
    }
    length = sum;
  }

  private long checksum(Entry of) {
    CRC32 checksum = new CRC32();
    checksum.update(of.head);
    for (int done = 0; done < of.count; done += PART) {
      checksum.update(bytes.array(), 0, read(of, done));
    }
    return checksum.getValue();
  }

  private static long size(Entry of) {
    return of.head.length + (long) of.count * Float.BYTES;
  }

  /** Reads the part of an entry that begins there, and returns its bytes' number. */
  private int read(Entry of, int done) {
    int now = Math.min(PART, of.count - done);
    parameters.read(of.from + done, floats, now);
    bytes.asFloatBuffer().put(floats, 0, now);
    return now * Float.BYTES;
  }

  /** Bytes of the whole. */
  public long length() {
    return length;
  }

  public boolean isWhole() {
    return entry == entries.size();
  }

  /** The next part; not to be called when it is whole. */
  public byte[] next() throws IOException {
    int room = PART;
    while (room > 0 && !isWhole()) {
      Entry of = entries.get(entry);
      if (written == 0) {
        begin(of, checksums[entry]);
      }
      int size = read(of, written);
      zip.write(bytes.array(), 0, size);
      written += size / Float.BYTES;
      room -= size / Float.BYTES;
      if (written == of.count) {
        zip.closeEntry();
        entry++;
        written = 0;
      }
    }
    if (isWhole()) {
      zip.close();
    }
    byte[] part = made.toByteArray();
    made.reset();
    return part;
  }

  private void begin(Entry of, long checksum) throws IOException {
    ZipEntry begun = new ZipEntry(of.name);
    begun.setMethod(ZipEntry.STORED);
    begun.setSize(size(of));
    begun.setCrc(checksum);
    zip.putNextEntry(begun);
    zip.write(of.head);
  }
}
