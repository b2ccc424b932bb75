package dev.tandem.training;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where a training stands between two steps, and all that its next step depends on.
 *
 * @param epoch the one that is going on, counted from 1
 * @param iteration steps taken so far in the whole training
 * @param elapsedNanos time it has taken so far
 * @param epochNanos time that this epoch's steps have taken so far
 * @param state the trainee's own, in its form
 */
record Checkpoint(int epoch, long iteration, long elapsedNanos, long epochNanos, ByteBuffer state) {
  /** To be raised when the form changes: a checkpoint of another form is not read. */
  private static final int FORM = 2;

  private static final int HEAD = 2 * Integer.BYTES + 3 * Long.BYTES;

  /** The checksum of all before it. */
  private static final int TAIL = Long.BYTES;

  static byte[] of(Trainee trainee, int epoch, long iteration, long elapsedNanos, long epochNanos) {
    ByteBuffer out = ByteBuffer.allocate(HEAD + trainee.savedBytes(true) + TAIL);
    out.putInt(FORM).putInt(epoch).putLong(iteration).putLong(elapsedNanos).putLong(epochNanos);
    trainee.save(out, true);
    out.putLong(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * Null if it is damaged, or of another form, of an older or newer program. A training without one
   * begins at the beginning, and ends the same.
   */
  static Checkpoint read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD + TAIL
        || in.getInt() != FORM
        || in.getLong(bytes.length - TAIL) != checksum(bytes, bytes.length - TAIL)) {
      return null;
    }
    in.limit(bytes.length - TAIL);
    return new Checkpoint(in.getInt(), in.getLong(), in.getLong(), in.getLong(), in);
  }

  private static long checksum(byte[] bytes, int count) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, count);
    return checksum.getValue();
  }
}
