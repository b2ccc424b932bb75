package dev.tandem.coordinator;

import dev.tandem.run.BusMessage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A run's first event on its way to the store. It becomes durable in time, or it never does: who
 * asked for the run may then be told that there is none. RunLifecycle on the coordinator's event
 * loop.
 */
final class Offer {
  private final BusMessage.Happened first;
  private final String key;
  private final long deadline;
  private final BooleanSupplier wanted;
  private final Consumer<End> then;
  private boolean mayBeDurable;

  /** What became of it. */
  enum End {
    /** It is durable and published. */
    STANDS,
    /** It is durable, but so late that nobody waits for it any more; it is not published. */
    UNWANTED,
    /** It is not durable, and never will be. */
    WITHDRAWN
  }

  /**
   * @param key the run's idempotency key, or null
   * @param millis until then it is to be on its way to the disk
   * @param wanted whether anyone still waits for it
   * @param then is told once, how it ended
   */
  Offer(
      BusMessage.Happened first,
      String key,
      long millis,
      BooleanSupplier wanted,
      Consumer<End> then) {
    this.first = first;
    this.key = key;
    this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    this.wanted = wanted;
    this.then = then;
  }

  BusMessage.Happened first() {
    return first;
  }

  String key() {
    return key;
  }

  boolean isOver() {
    return System.nanoTime() - deadline >= 0;
  }

  /** At least 1. */
  long millisLeft() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  boolean isWanted() {
    return wanted.getAsBoolean();
  }

  /** Whether the store has left open if it is durable: then it can't be withdrawn. */
  boolean mayBeDurable() {
    return mayBeDurable;
  }

  void mayNowBeDurable() {
    mayBeDurable = true;
  }

  void end(End end) {
    then.accept(end);
  }
}
