package dev.tandem.data;

import java.lang.ref.SoftReference;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A costly value that is made once, when first asked for, and then kept while memory allows.
 * Threads that ask while it is being made wait for it and see the same messages; a failure reaches
 * all of them, and the next one who asks tries anew. If the thread that makes it is cancelled, one
 * of those who wait goes on.
 */
final class Shared<T> {
  private static final long POLL_MILLIS = 50;

  private SoftReference<T> value = new SoftReference<>(null); // guarded by this
  private Making<T> making; // guarded by this

  /** How the value is made, on the thread that asked first. */
  interface Maker<T> {
    T make(Progress progress) throws DatasetException;
  }

  /**
   * The value; blocks while it is being made.
   *
   * @throws DatasetException as the maker threw it, to all who waited for it
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  T get(Progress progress, Maker<T> maker) throws DatasetException {
    while (true) {
      Making<T> current;
      boolean leads;
      synchronized (this) {
        T kept = value.get();
        if (kept != null) {
          return kept;
        }
        leads = making == null;
        if (leads) {
          making = new Making<>(progress);
        }
        current = making;
      }
      try {
        return leads ? lead(current, maker) : follow(current, progress);
      } catch (LeaderLeft e) {
        // The next turn either leads or follows a new leader.
      }
    }
  }

  private T lead(Making<T> mine, Maker<T> maker) throws DatasetException {
    try {
      T made = maker.make(mine);
      finish(made);
      mine.result.complete(made);
      return made;
    } catch (Throwable t) {
      finish(null); // before the others hear of it, so that none of them joins this one again
      mine.result.completeExceptionally(t);
      throw t;
    }
  }

  private synchronized void finish(T made) {
    value = new SoftReference<>(made);
    making = null;
  }

  private static <T> T follow(Making<T> made, Progress progress)
      throws DatasetException, LeaderLeft {
    String told = "";
    while (true) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      String message = made.message;
      if (!message.equals(told)) {
        told = message;
        progress.message(message);
      }
      try {
        return made.result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Still being made.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      } catch (CancellationException e) {
        throw new LeaderLeft();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof DatasetException fault) {
          throw new DatasetException(fault.getMessage(), fault);
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** The thread that made the value was cancelled, which says nothing about those who wait. */
  private static final class LeaderLeft extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** One attempt: the leader's progress, with its last message kept for those who wait. */
  private static final class Making<T> implements Progress {
    final CompletableFuture<T> result = new CompletableFuture<>();
    final Progress leader;
    volatile String message = "";

    Making(Progress leader) {
      this.leader = leader;
    }

    @Override
    public void message(String text) {
      message = text;
      leader.message(text);
    }

    @Override
    public boolean cancelled() {
      return leader.cancelled();
    }
  }
}
