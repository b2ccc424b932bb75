package dev.tandem.training;

import dev.tandem.run.Normalization;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * What is stored of a training: a head that says what it is, and what a trainee saved. The head:
 * four letters, the form's number, a checksum of all that follows, the kind, the {@link Layout},
 * and the {@link Shape}.
 *
 * @param layout the order of what follows the head
 * @param body what follows the head, and nothing else
 */
record SavedState(Layout layout, ByteBuffer body) {
  /** "TNDM"; before there was a head a checkpoint began with a 2, and a network with a weight. */
  static final int LETTERS = 0x544e444d;

  /** To be raised when the form changes. */
  private static final int FORM = 3;

  private static final int CHECKSUM_AT = 2 * Integer.BYTES;
  private static final int CHECKED_FROM = CHECKSUM_AT + Long.BYTES;

  enum Kind {
    CHECKPOINT(1, "The checkpoint"),
    NETWORK(2, "The network");

    /** In what is stored: not to be changed. */
    private final byte code;

    private final String name;

    Kind(int code, String name) {
      this.code = (byte) code;
      this.name = name;
    }

    /** For people. */
    UnusableStateException isUnusable(String because) {
      return new UnusableStateException(name + " that is kept of this training " + because + ".");
    }
  }

  /**
   * What is to be stored.
   *
   * @param bytes that {@code body} writes
   */
  static byte[] write(Kind kind, Layout layout, Shape shape, int bytes, Consumer<ByteBuffer> body) {
    int head = CHECKED_FROM + 4 + (2 + shape.hiddenLayers().size()) * Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(head + bytes);
    out.putInt(LETTERS).putInt(FORM).putLong(0);
    out.put(kind.code).put(layout.code).put(code(shape.normalization()));
    out.put((byte) shape.hiddenLayers().size());
    out.putInt(shape.inputs()).putInt(shape.classes());
    shape.hiddenLayers().forEach(out::putInt);
    body.accept(out);
    out.putLong(CHECKSUM_AT, checksum(out.array(), CHECKED_FROM, out.limit()));
    return out.array();
  }

  /** Whether it has a head; that of versions before had none. */
  static boolean hasHead(byte[] bytes) {
    return bytes.length >= Integer.BYTES && ByteBuffer.wrap(bytes).getInt() == LETTERS;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param shape that it is to have
   * @throws UnusableStateException if it is damaged, or anything but that
   */
  static SavedState read(byte[] bytes, Kind kind, Shape shape) throws UnusableStateException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (!hasHead(bytes) || bytes.length < CHECKED_FROM + 4 + 2 * Integer.BYTES) {
      throw kind.isUnusable("is damaged: it does not begin as one");
    }
    int form = in.getInt(Integer.BYTES);
    if (form > FORM) {
      throw kind.isUnusable("was written by a newer Tandem (form %d)".formatted(form));
    }
    if (in.getLong(CHECKSUM_AT) != checksum(bytes, CHECKED_FROM, bytes.length)) {
      throw kind.isUnusable("is damaged: its checksum is wrong");
    }
    in.position(CHECKED_FROM);
    byte isKind = in.get();
    Layout layout = Layout.of(in.get());
    Shape is = shape(in);
    if (isKind != kind.code || layout == null) {
      throw kind.isUnusable("is something else");
    }
    if (!shape.equals(is)) {
      throw kind.isUnusable("is of a network of %s, and this one is %s".formatted(is, shape));
    }
    return new SavedState(layout, in.slice());
  }

  private static Shape shape(ByteBuffer in) {
    Normalization normalization = normalization(in.get());
    int layers = in.get();
    int inputs = in.getInt();
    int classes = in.getInt();
    List<Integer> units = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      units.add(in.getInt());
    }
    return new Shape(inputs, units, classes, normalization);
  }

  private static byte code(Normalization normalization) {
    return switch (normalization) {
      case NONE -> 0;
      case BATCH -> 1;
      case LAYER -> 2;
    };
  }

  private static Normalization normalization(byte code) {
    return Arrays.stream(Normalization.values())
        .filter(of -> code(of) == code)
        .findFirst()
        .orElse(Normalization.NONE);
  }

  static long checksum(byte[] bytes, int from, int to) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, to - from);
    return checksum.getValue();
  }
}
