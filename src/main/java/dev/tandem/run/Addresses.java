package dev.tandem.run;

/** Where on the event bus what is said, and what a listener finds there. */
public final class Addresses {
  /** {@link BusMessage.Submit} → {@link BusMessage.OneRun}; refused when the queue is full. */
  static final String SUBMIT = "run.submit";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}. */
  static final String GET = "run.get";

  /** {@link BusMessage.ListRuns} → {@link BusMessage.ManyRuns}. */
  static final String LIST = "run.list";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}; refused when it has ended. */
  static final String CANCEL = "run.cancel";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}; refused until it has ended. */
  static final String DELETE = "run.delete";

  /** {@link BusMessage.Happened} and {@link BusMessage.Removed}, published. */
  public static final String EVENTS = "run.events";

  /** {@link BusMessage.Start}, sent to one of those who train. */
  public static final String TRAINING_START = "training.start";

  /** {@link BusMessage.Stop}, published to all who train. */
  public static final String TRAINING_STOP = "training.stop";

  /** {@link BusMessage.Progress} → acknowledged once it is numbered. */
  public static final String TRAINING_PROGRESS = "training.progress";

  /** {@link BusMessage.Backend}, published by who trains, at its start. */
  public static final String BACKEND = "training.backend";

  private Addresses() {}
}
