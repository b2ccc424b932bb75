package dev.tandem.run;

/** Where on the event bus what is said, and what a listener finds there. */
public final class Addresses {
  /** {@link BusMessage.Submit} → {@link BusMessage.OneRun}; refused when the queue is full. */
  public static final String SUBMIT = "run.submit";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}. */
  public static final String GET = "run.get";

  /** {@link BusMessage.ListRuns} → {@link BusMessage.ManyRuns}. */
  public static final String LIST = "run.list";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}; refused when it has ended. */
  public static final String CANCEL = "run.cancel";

  /** {@link BusMessage.ForRun} → {@link BusMessage.Pace}; refused when it has ended. */
  public static final String PACE = "run.pace";

  /** {@link BusMessage.Pace} → the same; refused when it has ended. */
  public static final String SET_PACE = "run.pace.set";

  /** {@link BusMessage.Relabel} → {@link BusMessage.OneRun}. */
  public static final String LABEL = "run.label";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}; refused until it has ended. */
  public static final String DELETE = "run.delete";

  /**
   * Nothing → {@link StoreMessage.StoreState}, what keeps the coordinator from its work, if any.
   */
  public static final String READY = "run.ready";

  /** {@link BusMessage.Recover} → acknowledged once the unfinished runs are seen to. */
  public static final String RECOVER = "run.recover";

  /** {@link BusMessage.News} and {@link BusMessage.Removed}, published. */
  public static final String EVENTS = "run.events";

  /** {@link BusMessage.AskRoom} → {@link BusMessage.Room}. */
  public static final String TRAINING_ROOM = "training.room";

  /** {@link BusMessage.Start}, sent to one of those who train. */
  public static final String TRAINING_START = "training.start";

  /** {@link BusMessage.Stop}, published to all who train. */
  public static final String TRAINING_STOP = "training.stop";

  /** {@link BusMessage.Pace}, published to all who train. */
  public static final String TRAINING_PACE = "training.pace";

  /** {@link BusMessage.Progress} → acknowledged once it is durable. */
  public static final String TRAINING_PROGRESS = "training.progress";

  /** {@link BusMessage.OnData} → the same, with the run's data. */
  public static final String TRAINING_DATA = "training.data";

  /** {@link BusMessage.Held} → acknowledged once it is taken. */
  public static final String TRAINING_HELD = "training.held";

  /** {@link BusMessage.Backend}, published by who trains, at its start. */
  public static final String BACKEND = "training.backend";

  /** {@link StoreMessage.Append} → acknowledged once durable. */
  public static final String STORE_APPEND = "store.append";

  /** {@link BusMessage.ForRun} → {@link BusMessage.OneRun}, its run null if there is none. */
  public static final String STORE_RUN = "store.run";

  /** {@link StoreMessage.ForKey} → the run and its first event; its run null if there is none. */
  public static final String STORE_SUBMITTED = "store.submitted";

  /** {@link BusMessage.ForRun} → {@link StoreMessage.Stored}, its run null if there is none. */
  public static final String STORE_STANDING = "store.standing";

  /** {@link BusMessage.ListRuns} → {@link BusMessage.ManyRuns}. */
  public static final String STORE_LIST = "store.list";

  /** {@link BusMessage.ListRuns} → {@link StoreMessage.ManyStored}, those that have not ended. */
  public static final String STORE_UNFINISHED = "store.unfinished";

  /** {@link BusMessage.ForRun} → acknowledged once the run is gone. */
  public static final String STORE_DELETE = "store.delete";

  /** {@link StoreMessage.ReadEvents} → {@link StoreMessage.Events}. */
  public static final String STORE_EVENTS = "store.events";

  /** {@link StoreMessage.ReadLast} → {@link StoreMessage.LastOfRuns}. */
  public static final String STORE_LAST = "store.last";

  /** {@link BusMessage.Keep} of a checkpoint → acknowledged once durable. */
  public static final String STORE_KEEP_CHECKPOINT = "store.checkpoint.keep";

  /** {@link BusMessage.ForTraining} → {@link BusMessage.Kept}. */
  public static final String STORE_CHECKPOINT = "store.checkpoint";

  /** {@link BusMessage.Keep} of a trained network → acknowledged once durable. */
  public static final String STORE_KEEP_MODEL = "store.model.keep";

  /** {@link BusMessage.ForTraining} → {@link BusMessage.Kept}. */
  public static final String STORE_MODEL = "store.model";

  /** {@link StoreMessage.StoreState}, published when it changes. */
  public static final String STORE_STATE = "store.state";

  /**
   * {@link BusMessage.OpenModel} → {@link BusMessage.OpenedModel}, the trained network as a file;
   * refused while others are being downloaded.
   */
  public static final String TRAINING_MODEL = "training.model";

  /** {@link BusMessage.ForModel} → {@link BusMessage.ModelPart}. */
  public static final String TRAINING_MODEL_PART = "training.model.part";

  /** {@link BusMessage.ForModel}, when nobody wants the rest. */
  public static final String TRAINING_MODEL_CLOSE = "training.model.close";

  /** {@link BusMessage.Ask} → {@link BusMessage.Seen}. */
  public static final String TRAINING_ASK = "training.ask";

  /** {@link BusMessage.ForTraining} → {@link BusMessage.TestAnswers}. */
  public static final String TRAINING_TESTED = "training.tested";

  /** {@link BusMessage.ReadImages} → {@link BusMessage.Images}. */
  public static final String TRAINING_IMAGES = "training.images";

  /** {@link BusMessage.ListDatasets} → {@link BusMessage.ManyDatasets}. */
  public static final String DATASETS = "datasets";

  private Addresses() {}
}
