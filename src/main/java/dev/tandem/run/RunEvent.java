package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;

/**
 * Something that happened in a run. A run's events, in the order of their numbers, are the whole
 * truth of it: the page, the metrics and a {@link Run} are folds over them.
 */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    include = JsonTypeInfo.As.EXISTING_PROPERTY,
    property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(RunEvent.RunChange.class),
  @JsonSubTypes.Type(RunEvent.Label.class),
  @JsonSubTypes.Type(RunEvent.PaceChange.class),
  @JsonSubTypes.Type(RunEvent.CancelRequest.class),
  @JsonSubTypes.Type(RunEvent.Data.class),
  @JsonSubTypes.Type(TrainingEvent.class)
})
public sealed interface RunEvent
    permits RunEvent.RunChange,
        RunEvent.Label,
        RunEvent.PaceChange,
        RunEvent.CancelRequest,
        RunEvent.Data,
        TrainingEvent {

  /** Counts from 1 within a run, strictly increasing; 0 before the coordinator has numbered it. */
  long seq();

  /** The kind of event, in JSON. */
  @JsonProperty
  default String type() {
    return getClass().getAnnotation(JsonTypeName.class).value();
  }

  /** This event with its number. */
  RunEvent numbered(long seq);

  /**
   * Whether it changes where a run or a training stands, rather than adding to its curves: it is
   * stored and told without delay.
   */
  default boolean changesStanding() {
    return !(this instanceof TrainingEvent) || this instanceof TrainingEvent.TrainingChange;
  }

  /**
   * A run's status changed.
   *
   * @param at when
   */
  @JsonTypeName("run")
  record RunChange(long seq, RunStatus status, Instant at) implements RunEvent {
    @Override
    public RunChange numbered(long seq) {
      return new RunChange(seq, status, at);
    }
  }

  /**
   * Somebody gave the run a name or a note, or took it away; this may come after its end.
   *
   * @param name from now on, one line; null for none
   * @param note from now on; null for none
   * @param at when
   */
  @JsonTypeName("label")
  record Label(long seq, String name, String note, Instant at) implements RunEvent {
    @Override
    public Label numbered(long seq) {
      return new Label(seq, name, note, at);
    }
  }

  /**
   * Somebody set the pace that all trainings of the run are held to.
   *
   * @param iterationsPerSecond at most so many of each training from now on; null for as fast as it
   *     goes
   * @param at when
   */
  @JsonTypeName("pace")
  record PaceChange(long seq, Double iterationsPerSecond, Instant at) implements RunEvent {
    @Override
    public PaceChange numbered(long seq) {
      return new PaceChange(seq, iterationsPerSecond, at);
    }
  }

  /**
   * Somebody asked for the run to be cancelled: it ends when its trainings have stopped, at the
   * latest with the next start of the server.
   *
   * @param at when
   */
  @JsonTypeName("cancel")
  record CancelRequest(long seq, Instant at) implements RunEvent {
    @Override
    public CancelRequest numbered(long seq) {
      return new CancelRequest(seq, at);
    }
  }

  /**
   * The run's data is here: comes once, before the first loss.
   *
   * @param data what all its trainings learn from and are tested on
   */
  @JsonTypeName("data")
  record Data(long seq, DataFingerprint data) implements RunEvent {
    @Override
    public Data numbered(long seq) {
      return new Data(seq, data);
    }
  }
}
