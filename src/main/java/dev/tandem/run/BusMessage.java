package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What travels on the event bus: immutable, and with a form in JSON, so that trainings may run on
 * another machine than the server.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(value = BusMessage.Submit.class, name = "submit"),
  @JsonSubTypes.Type(value = BusMessage.ForRun.class, name = "forRun"),
  @JsonSubTypes.Type(value = BusMessage.ListRuns.class, name = "listRuns"),
  @JsonSubTypes.Type(value = BusMessage.OneRun.class, name = "oneRun"),
  @JsonSubTypes.Type(value = BusMessage.ManyRuns.class, name = "manyRuns"),
  @JsonSubTypes.Type(value = BusMessage.Start.class, name = "start"),
  @JsonSubTypes.Type(value = BusMessage.Recover.class, name = "recover"),
  @JsonSubTypes.Type(value = BusMessage.Stop.class, name = "stop"),
  @JsonSubTypes.Type(value = BusMessage.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = BusMessage.Happened.class, name = "happened"),
  @JsonSubTypes.Type(value = BusMessage.News.class, name = "news"),
  @JsonSubTypes.Type(value = BusMessage.Removed.class, name = "removed"),
  @JsonSubTypes.Type(value = BusMessage.Backend.class, name = "backend"),
  @JsonSubTypes.Type(value = BusMessage.Append.class, name = "append"),
  @JsonSubTypes.Type(value = BusMessage.ReadEvents.class, name = "readEvents"),
  @JsonSubTypes.Type(value = BusMessage.Events.class, name = "events"),
  @JsonSubTypes.Type(value = BusMessage.Stored.class, name = "stored"),
  @JsonSubTypes.Type(value = BusMessage.ManyStored.class, name = "manyStored"),
  @JsonSubTypes.Type(value = BusMessage.ForTraining.class, name = "forTraining"),
  @JsonSubTypes.Type(value = BusMessage.Keep.class, name = "keep"),
  @JsonSubTypes.Type(value = BusMessage.Kept.class, name = "kept"),
  @JsonSubTypes.Type(value = BusMessage.StoreState.class, name = "storeState")
})
public sealed interface BusMessage {

  /** Asks for a new run; answered by {@link OneRun}. */
  record Submit(RunSettings settings) implements BusMessage {}

  /** Asks something of one run: to be told, cancelled, or deleted, as the address says. */
  record ForRun(String id) implements BusMessage {}

  /**
   * Asks for runs, newest first; answered by {@link ManyRuns}.
   *
   * @param limit at most so many
   * @param before only those older than this run, or null
   */
  record ListRuns(int limit, String before) implements BusMessage {}

  record OneRun(Run run) implements BusMessage {}

  record ManyRuns(List<Run> runs) implements BusMessage {}

  /**
   * Asks for one variant of a run to be trained.
   *
   * @param resume whether to go on from its last checkpoint, if there is one
   */
  record Start(String runId, RunSettings settings, Variant variant, boolean resume)
      implements BusMessage {}

  /**
   * Asks the coordinator to see to the runs that the last server left; answered when it has.
   *
   * @param resume whether to go on with them, or to end them as interrupted
   */
  record Recover(boolean resume) implements BusMessage {}

  /**
   * Asks whoever trains for a run to stop.
   *
   * @param status what its trainings end as: cancelled or interrupted
   */
  record Stop(String runId, TrainingStatus status) implements BusMessage {}

  /**
   * Told by a training: what has happened in it since it last told.
   *
   * @param events without numbers yet, in order
   */
  record Progress(String runId, List<RunEvent> events) implements BusMessage {
    public Progress {
      events = List.copyOf(events);
    }
  }

  /**
   * A numbered event.
   *
   * @param run as it is after the event
   */
  record Happened(Run run, RunEvent event) implements BusMessage {}

  /** Told to everyone: what has become durable together, in the order of the numbers. */
  record News(List<Happened> all) implements BusMessage {
    public News {
      all = List.copyOf(all);
    }
  }

  /** Told to everyone: a run has left the list. */
  record Removed(String runId) implements BusMessage {}

  /**
   * Told by who trains: what computes.
   *
   * @param name cpu or cuda
   * @param reason why this one, or, if there is none, what stood in the way
   */
  record Backend(String name, String reason, boolean works) implements BusMessage {}

  /**
   * Asks the store to keep events, all of them or none; answered when they are durable.
   *
   * @param news in the order in which they happened
   */
  record Append(List<Happened> news) implements BusMessage {
    public Append {
      news = List.copyOf(news);
    }
  }

  /** Asks the store for a run's events after a number; answered by {@link Events}. */
  record ReadEvents(String runId, long after, int limit) implements BusMessage {}

  /**
   * A run's events, in order.
   *
   * @param run as it was after its last durable event; null if the store doesn't know it
   */
  record Events(Run run, List<RunEvent> events) implements BusMessage {
    public Events {
      events = List.copyOf(events);
    }
  }

  /**
   * A run that had not ended when the server stopped.
   *
   * @param lastSeq number of its last durable event
   */
  record Stored(Run run, long lastSeq) implements BusMessage {}

  /** Runs that had not ended when the server stopped, oldest first. */
  record ManyStored(List<Stored> runs) implements BusMessage {
    public ManyStored {
      runs = List.copyOf(runs);
    }
  }

  /** Asks the store for what it keeps of a training; answered by {@link Kept}. */
  record ForTraining(String runId, String variant) implements BusMessage {}

  /**
   * Asks the store to keep a training's state in place of the one before.
   *
   * @param state as the one who trains wrote it
   */
  record Keep(String runId, String variant, byte[] state) implements BusMessage {}

  /**
   * @param run that the training belongs to
   * @param state null if there is none
   */
  record Kept(Run run, byte[] state) implements BusMessage {}

  /**
   * Told by the store when it stops or starts being able to write.
   *
   * @param reason a sentence for people, or null when all is well
   */
  record StoreState(String reason) implements BusMessage {}
}
