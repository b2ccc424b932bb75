package dev.tandem.live;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * An answer that may be long, in UTF-8, made a piece at a time as it is asked for: some 200 KB
 * each. It tells of the run as it was when this was made. To be gone through by one thread at a
 * time, off the event loop, since a piece can take milliseconds; to be closed on the event loop.
 */
public final class Pieces implements Iterator<byte[]>, AutoCloseable {
  private final Iterator<String> pieces;
  private final Runnable closed;

  /**
   * @param closed is run when nobody needs it any more
   */
  public Pieces(Iterator<String> pieces, Runnable closed) {
    this.pieces = pieces;
    this.closed = closed;
  }

  @Override
  public boolean hasNext() {
    return pieces.hasNext();
  }

  @Override
  public byte[] next() {
    return pieces.next().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed.run();
  }
}
