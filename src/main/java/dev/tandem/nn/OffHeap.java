package dev.tandem.nn;

import org.bytedeco.javacpp.Pointer;

/** Memory outside the Java heap, which JavaCPP gives out to networks and to ND4J. Thread-safe. */
public final class OffHeap {
  private OffHeap() {}

  /** To be called before JavaCPP is first touched: it would read /proc at every allocation. */
  public static void prepare() {
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }

  /** Bytes that are given out. */
  public static long used() {
    return Pointer.totalBytes();
  }

  /** Bytes that may be given out: by default as many as the heap's maximum. */
  public static long most() {
    return Pointer.maxBytes();
  }
}
