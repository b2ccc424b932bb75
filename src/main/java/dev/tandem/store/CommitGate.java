package dev.tandem.store;

import java.util.concurrent.atomic.AtomicReference;

/** Between writing and committing: it is passed once, or closed for good. Thread-safe. */
final class CommitGate {
  private final AtomicReference<Boolean> passed = new AtomicReference<>();

  /** Whether the commit may begin; from then on it can't be stopped. */
  boolean pass() {
    return passed.compareAndSet(null, true);
  }

  /** Whether there is no commit, and won't be. */
  boolean close() {
    return passed.compareAndSet(null, false);
  }
}
