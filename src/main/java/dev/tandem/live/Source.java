package dev.tandem.live;

/** Numbered things that a {@link Broadcast} sends to those who have not seen them. */
interface Source {
  /** Number of the newest; 0 before the first. */
  long last();

  /**
   * A frame with what comes after a number, as much as fits in one.
   *
   * @param cursor less than {@link #last}
   */
  Frame after(long cursor);
}
