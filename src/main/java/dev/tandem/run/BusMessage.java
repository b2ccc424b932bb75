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
  @JsonSubTypes.Type(value = BusMessage.Stop.class, name = "stop"),
  @JsonSubTypes.Type(value = BusMessage.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = BusMessage.Happened.class, name = "happened"),
  @JsonSubTypes.Type(value = BusMessage.Removed.class, name = "removed"),
  @JsonSubTypes.Type(value = BusMessage.Backend.class, name = "backend")
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

  /** Asks for one variant of a run to be trained. */
  record Start(String runId, RunSettings settings, Variant variant) implements BusMessage {}

  /**
   * Asks whoever trains for a run to stop.
   *
   * @param status what its trainings end as: cancelled or interrupted
   */
  record Stop(String runId, TrainingStatus status) implements BusMessage {}

  /** Told by a training: an event that has no number yet. */
  record Progress(String runId, RunEvent event) implements BusMessage {}

  /**
   * Told to everyone: a numbered event, in the order of the numbers.
   *
   * @param run as it is after the event
   */
  record Happened(Run run, RunEvent event) implements BusMessage {}

  /** Told to everyone: a run has left the list. */
  record Removed(String runId) implements BusMessage {}

  /**
   * Told by who trains: what computes.
   *
   * @param name cpu or cuda
   * @param reason why this one, or, if there is none, what stood in the way
   */
  record Backend(String name, String reason, boolean works) implements BusMessage {}
}
