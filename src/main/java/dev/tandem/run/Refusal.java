package dev.tandem.run;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Why the coordinator says no. Travels as a failure code on the bus. */
public enum Refusal {
  /** There is no such run. */
  UNKNOWN_RUN,
  /** The run's status doesn't allow it. */
  WRONG_STATUS,
  /** The queue holds no more, the server is stopping, or nothing can be stored. */
  NO_ROOM,
  /** This idempotency key has been used for a run with other settings. */
  KEY_USED,
  /** It has become another one since whoever asks has seen it. */
  CHANGED,
  /** As many are doing so as may at a time. */
  TOO_MANY;

  /** What it travels as. */
  public int code() {
    return ordinal() + 1;
  }

  /**
   * Refuses a request.
   *
   * @param why a sentence for people
   */
  public void answer(Message<?> request, String why) {
    request.fail(code(), why);
  }

  /** As a failed answer; a sentence for people says why. */
  public ReplyException because(String why) {
    return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code(), why);
  }

  /** The refusal that a failed request carries, or null when it failed otherwise. */
  public static Refusal of(Throwable failure) {
    if (failure instanceof ReplyException reply) {
      for (Refusal refusal : values()) {
        if (refusal.code() == reply.failureCode()) {
          return refusal;
        }
      }
    }
    return null;
  }
}
