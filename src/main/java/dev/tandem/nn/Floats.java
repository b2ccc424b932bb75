package dev.tandem.nn;

import java.nio.ByteBuffer;

/** Numbers on their way to a saved state and back. */
public final class Floats {
  private Floats() {}

  /** Writes the first so many. */
  public static void put(ByteBuffer out, float[] values, int count) {
    out.asFloatBuffer().put(values, 0, count);
    out.position(out.position() + count * Float.BYTES);
  }

  /** Reads so many into the beginning of an array. */
  public static void take(ByteBuffer in, float[] into, int count) {
    in.asFloatBuffer().get(into, 0, count);
    in.position(in.position() + count * Float.BYTES);
  }
}
