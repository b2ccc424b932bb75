package dev.tandem.training;

import java.nio.ByteBuffer;

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
  /** Bytes before the trainee's own. */
  private static final int POSITION = Integer.BYTES + 3 * Long.BYTES;

  /** What a checkpoint of the version before begins with; it ends with a checksum. */
  private static final int HEADLESS_FORM = 2;

  /** That version had no other optimizer. */
  private static final int ADAM_MOMENTS = 2;

  static byte[] of(Trainee trainee, int epoch, long iteration, long elapsedNanos, long epochNanos) {
    return SavedState.write(
        SavedState.Kind.CHECKPOINT,
        trainee.layout(),
        trainee.shape(),
        POSITION + trainee.learner().savedBytes(true),
        out -> {
          out.putInt(epoch).putLong(iteration).putLong(elapsedNanos).putLong(epochNanos);
          trainee.learner().save(out, true);
        });
  }

  /**
   * Reads one. A training without one begins at the beginning, and ends the same.
   *
   * @param shape of the network
   * @param layout that the trainee understands
   * @param moments that its optimizer keeps of each parameter
   * @throws UnusableStateException if it is damaged, or of another shape or layout: a training that
   *     went on with another optimizer's numbers would not end as if it had never been stopped
   */
  static Checkpoint read(byte[] bytes, Shape shape, Layout layout, int moments)
      throws UnusableStateException {
    SavedState kept =
        SavedState.hasHead(bytes)
            ? SavedState.read(bytes, SavedState.Kind.CHECKPOINT, shape)
            : headless(bytes, shape);
    if (kept.layout() != layout) {
      throw SavedState.Kind.CHECKPOINT.isUnusable(
          "was made by %s, and this server trains with %s"
              .formatted(kept.layout().maker, layout.maker));
    }
    ByteBuffer in = kept.body();
    if (in.remaining() != POSITION + layout.bytesWithOptimizer(shape, moments)) {
      throw SavedState.Kind.CHECKPOINT.isUnusable(
          "is damaged: it has another length than it should");
    }
    return new Checkpoint(in.getInt(), in.getLong(), in.getLong(), in.getLong(), in);
  }

  /** The two layouts counted their steps in numbers of different length, and so are told apart. */
  private static SavedState headless(byte[] bytes, Shape shape) throws UnusableStateException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int end = bytes.length - Long.BYTES;
    if (end < Integer.BYTES + POSITION
        || in.getInt() != HEADLESS_FORM
        || in.getLong(end) != SavedState.checksum(bytes, 0, end)) {
      throw SavedState.Kind.CHECKPOINT.isUnusable("is damaged");
    }
    in.limit(end);
    for (Layout layout : Layout.values()) {
      if (in.remaining() == POSITION + layout.bytesWithOptimizer(shape, ADAM_MOMENTS)) {
        return new SavedState(layout, in.slice());
      }
    }
    throw SavedState.Kind.CHECKPOINT.isUnusable("is of a network of another shape");
  }
}
