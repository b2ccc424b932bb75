package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.List;
import java.util.Map;

/** What the store is asked, and what it answers and tells. */
@JsonSubTypes({
  @JsonSubTypes.Type(value = StoreMessage.ForKey.class, name = "forKey"),
  @JsonSubTypes.Type(value = StoreMessage.Append.class, name = "append"),
  @JsonSubTypes.Type(value = StoreMessage.ReadEvents.class, name = "readEvents"),
  @JsonSubTypes.Type(value = StoreMessage.Events.class, name = "events"),
  @JsonSubTypes.Type(value = StoreMessage.ReadLast.class, name = "readLast"),
  @JsonSubTypes.Type(value = StoreMessage.LastOfRuns.class, name = "lastOfRuns"),
  @JsonSubTypes.Type(value = StoreMessage.Stored.class, name = "stored"),
  @JsonSubTypes.Type(value = StoreMessage.ManyStored.class, name = "manyStored"),
  @JsonSubTypes.Type(value = StoreMessage.StoreState.class, name = "storeState")
})
public sealed interface StoreMessage extends BusMessage {

  /** Asks the store for the run that was asked for with this idempotency key. */
  record ForKey(String idempotencyKey) implements StoreMessage {}

  /**
   * Asks the store to keep events, all of them or none; answered when they are durable. A refusal
   * with any code but {@link #UNSURE} says that they are not, and won't be unless they are sent
   * again.
   *
   * @param news in the order in which they happened
   * @param idempotencyKeys of runs that begin here, by the run's id
   * @param withinMillis so soon, or refused at once as {@link #TOO_LATE}, the commit alone not
   *     counted; null for whenever it can be
   */
  record Append(
      List<BusMessage.Happened> news, Map<String, String> idempotencyKeys, Long withinMillis)
      implements StoreMessage {
    /** Failure code: the time was over before they were committed. */
    public static final int TOO_LATE = 101;

    /** Failure code: the commit has failed, and they may be durable or not. */
    public static final int UNSURE = 102;

    public Append {
      news = List.copyOf(news);
      idempotencyKeys = Map.copyOf(idempotencyKeys);
    }

    /** Of runs that are known, and whenever it can be. */
    public Append(List<BusMessage.Happened> news) {
      this(news, Map.of(), null);
    }
  }

  /** Asks the store for a run's events after a number; answered by {@link Events}. */
  record ReadEvents(String runId, long after, int limit) implements StoreMessage {}

  /**
   * A run's events, in order.
   *
   * @param run as it was after its last durable event; null if the store doesn't know it
   */
  record Events(Run run, List<RunEvent> events) implements StoreMessage {
    public Events {
      events = List.copyOf(events);
    }
  }

  /**
   * Asks the store for the last values of the runs that ended last; answered by {@link LastOfRuns}.
   *
   * @param runs at most so many
   */
  record ReadLast(int runs) implements StoreMessage {}

  /** Runs that have ended, oldest first, each with the last event of each kind of each training. */
  record LastOfRuns(List<Events> runs) implements StoreMessage {
    public LastOfRuns {
      runs = List.copyOf(runs);
    }
  }

  /**
   * A run as the store has it.
   *
   * @param run null if there is none
   * @param lastSeq number of its last durable event
   */
  record Stored(Run run, long lastSeq) implements StoreMessage {}

  /** Runs that had not ended when the server stopped, oldest first. */
  record ManyStored(List<Stored> runs) implements StoreMessage {
    public ManyStored {
      runs = List.copyOf(runs);
    }
  }

  /**
   * Told by the store when it stops or starts being able to write.
   *
   * @param reason a sentence for people, or null when all is well
   */
  record StoreState(String reason) implements StoreMessage {}
}
