package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Set;

/**
 * What travels on the event bus: immutable, and with a form in JSON, so that trainings may run on
 * another machine than the server.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(StoreMessage.class),
  @JsonSubTypes.Type(value = BusMessage.Submit.class, name = "submit"),
  @JsonSubTypes.Type(value = BusMessage.ForRun.class, name = "forRun"),
  @JsonSubTypes.Type(value = BusMessage.ListRuns.class, name = "listRuns"),
  @JsonSubTypes.Type(value = BusMessage.OneRun.class, name = "oneRun"),
  @JsonSubTypes.Type(value = BusMessage.ManyRuns.class, name = "manyRuns"),
  @JsonSubTypes.Type(value = BusMessage.AskRoom.class, name = "askRoom"),
  @JsonSubTypes.Type(value = BusMessage.Room.class, name = "room"),
  @JsonSubTypes.Type(value = BusMessage.Start.class, name = "start"),
  @JsonSubTypes.Type(value = BusMessage.Recover.class, name = "recover"),
  @JsonSubTypes.Type(value = BusMessage.Stop.class, name = "stop"),
  @JsonSubTypes.Type(value = BusMessage.Pace.class, name = "pace"),
  @JsonSubTypes.Type(value = BusMessage.Relabel.class, name = "relabel"),
  @JsonSubTypes.Type(value = BusMessage.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = BusMessage.OnData.class, name = "onData"),
  @JsonSubTypes.Type(value = BusMessage.Held.class, name = "held"),
  @JsonSubTypes.Type(value = BusMessage.Happened.class, name = "happened"),
  @JsonSubTypes.Type(value = BusMessage.News.class, name = "news"),
  @JsonSubTypes.Type(value = BusMessage.Removed.class, name = "removed"),
  @JsonSubTypes.Type(value = BusMessage.Backend.class, name = "backend"),
  @JsonSubTypes.Type(value = BusMessage.ForTraining.class, name = "forTraining"),
  @JsonSubTypes.Type(value = BusMessage.Keep.class, name = "keep"),
  @JsonSubTypes.Type(value = BusMessage.Kept.class, name = "kept"),
  @JsonSubTypes.Type(value = BusMessage.OpenModel.class, name = "openModel"),
  @JsonSubTypes.Type(value = BusMessage.OpenedModel.class, name = "openedModel"),
  @JsonSubTypes.Type(value = BusMessage.ForModel.class, name = "forModel"),
  @JsonSubTypes.Type(value = BusMessage.ModelPart.class, name = "modelPart"),
  @JsonSubTypes.Type(value = BusMessage.Ask.class, name = "ask"),
  @JsonSubTypes.Type(value = BusMessage.Seen.class, name = "seen"),
  @JsonSubTypes.Type(value = BusMessage.TestAnswers.class, name = "testAnswers"),
  @JsonSubTypes.Type(value = BusMessage.ReadImages.class, name = "readImages"),
  @JsonSubTypes.Type(value = BusMessage.Images.class, name = "images"),
  @JsonSubTypes.Type(value = BusMessage.ListDatasets.class, name = "listDatasets"),
  @JsonSubTypes.Type(value = BusMessage.ManyDatasets.class, name = "manyDatasets")
})
public sealed interface BusMessage
    permits StoreMessage,
        BusMessage.Submit,
        BusMessage.ForRun,
        BusMessage.ListRuns,
        BusMessage.OneRun,
        BusMessage.ManyRuns,
        BusMessage.AskRoom,
        BusMessage.Room,
        BusMessage.Start,
        BusMessage.Recover,
        BusMessage.Stop,
        BusMessage.Pace,
        BusMessage.Relabel,
        BusMessage.Progress,
        BusMessage.OnData,
        BusMessage.Held,
        BusMessage.Happened,
        BusMessage.News,
        BusMessage.Removed,
        BusMessage.Backend,
        BusMessage.ForTraining,
        BusMessage.Keep,
        BusMessage.Kept,
        BusMessage.OpenModel,
        BusMessage.OpenedModel,
        BusMessage.ForModel,
        BusMessage.ModelPart,
        BusMessage.Ask,
        BusMessage.Seen,
        BusMessage.TestAnswers,
        BusMessage.ReadImages,
        BusMessage.Images,
        BusMessage.ListDatasets,
        BusMessage.ManyDatasets {

  /**
   * Asks for a new run; answered by {@link OneRun}.
   *
   * @param idempotencyKey asked twice with the same one there is still one run; null for none
   */
  record Submit(RunSettings settings, String idempotencyKey) implements BusMessage {}

  /** Asks something of one run: to be told, cancelled, or deleted, as the address says. */
  record ForRun(String id) implements BusMessage {}

  /** Asks for runs; answered by {@link ManyRuns}. */
  record ListRuns(RunQuery query) implements BusMessage {
    /**
     * Asks for the newest.
     *
     * @param limit at most so many
     * @param before only those older than this run, or null
     */
    public ListRuns(int limit, String before) {
      this(RunQuery.newest(limit, before));
    }
  }

  record OneRun(Run run) implements BusMessage {}

  /**
   * Runs as they were asked for.
   *
   * @param found how many there are of this kind, on other pages too
   * @param total how many runs there are
   * @param last the last one's place, where the next page begins; null if there is none
   */
  record ManyRuns(List<Run> runs, int found, int total, RunQuery.Place last) implements BusMessage {
    public ManyRuns {
      runs = List.copyOf(runs);
    }
  }

  /** Asks those who train whether they have memory for a run; answered by {@link Room}. */
  record AskRoom(RunSettings settings) implements BusMessage {}

  /**
   * Whether there is memory for a run.
   *
   * @param field of the settings where it is best mended; null if there is enough
   * @param fault what is wrong with it, with the numbers; null if there is enough
   */
  record Room(String field, String fault) implements BusMessage {
    public static final Room ENOUGH = new Room(null, null);
  }

  /**
   * Asks for one training of a run.
   *
   * @param iterationsPerSecond the pace that it is held to at first; null for as fast as it goes
   * @param resume whether to go on from its last checkpoint, if there is one
   */
  record Start(
      String runId,
      TrainingId training,
      TrainingPlan plan,
      Double iterationsPerSecond,
      boolean resume)
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
   * A run's pace: asks for it, answers with it, or tells whoever trains of it.
   *
   * @param iterationsPerSecond at most so many of each training; null for as fast as it goes
   */
  record Pace(String runId, Double iterationsPerSecond) implements BusMessage {}

  /**
   * Asks for another name or note of a run, whether it has ended or not.
   *
   * @param name empty for none; null to leave it as it is
   * @param note empty for none; null to leave it as it is
   * @param seen only if the label is still one of these; null whatever it is
   */
  record Relabel(String runId, String name, String note, Set<String> seen) implements BusMessage {}

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
   * Told by a training, before its first step: what data it has. Answered with the data of the run,
   * which is that of the first one that told: on other data a training must not go on.
   */
  record OnData(String runId, DataFingerprint data) implements BusMessage {}

  /**
   * Told by a training that was to go on, and can't with what this server has: it has ended
   * nothing, and waits for another server.
   *
   * @param why a sentence for people
   */
  record Held(String runId, TrainingId training, String why) implements BusMessage {}

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

  /** Asks the store for what it keeps of a training; answered by {@link Kept}. */
  record ForTraining(String runId, TrainingId training) implements BusMessage {}

  /**
   * Asks the store to keep a training's state in place of the one before.
   *
   * @param state as the one who trains wrote it
   */
  record Keep(String runId, TrainingId training, byte[] state) implements BusMessage {}

  /**
   * @param run that the training belongs to
   * @param state null if there is none
   */
  record Kept(Run run, byte[] state) implements BusMessage {}

  /** Asks for a trained network as a file, answered by {@link OpenedModel}. */
  record OpenModel(ForTraining of, ModelFormat format) implements BusMessage {}

  /**
   * A trained network that is ready to be downloaded.
   *
   * @param id of the download, for {@link ForModel}; null if there is none
   * @param bytes of the whole
   * @param unusable why the network that is kept can't be used, a sentence for people; or null
   * @param lacking why there is no such file of any such network, a sentence for people; or null
   */
  record OpenedModel(String id, long bytes, String unusable, String lacking) implements BusMessage {
    /** There is none. */
    public static final OpenedModel NONE = new OpenedModel(null, 0, null, null);

    public static OpenedModel ready(String id, long bytes) {
      return new OpenedModel(id, bytes, null, null);
    }

    public static OpenedModel unusable(String why) {
      return new OpenedModel(null, 0, why, null);
    }

    public static OpenedModel lacking(String why) {
      return new OpenedModel(null, 0, null, why);
    }
  }

  /** Asks for a download's next part, answered by {@link ModelPart}; or ends it. */
  record ForModel(String id) implements BusMessage {}

  /**
   * A part of a download.
   *
   * @param last whether it is the last one
   */
  record ModelPart(byte[] bytes, boolean last) implements BusMessage {}

  /**
   * Asks a network, in training or trained, what it sees; answered by {@link Seen}.
   *
   * @param pixels images one after the other, each of {@link DatasetInfo#PIXELS} grey values, row
   *     by row, as unsigned bytes: 0 is ground, 255 is ink
   */
  record Ask(String runId, TrainingId training, byte[] pixels) implements BusMessage {}

  /**
   * What a network sees.
   *
   * @param iteration steps that it had taken
   * @param probabilities images × classes, row by row; null if there is no answer
   * @param unavailable why there is none, a sentence for people; null if there is one
   */
  record Seen(long iteration, float[] probabilities, String unavailable) implements BusMessage {
    public static Seen unavailable(String why) {
      return new Seen(0, null, why);
    }
  }

  /**
   * What a network took the test images for, at the end of an epoch.
   *
   * @param epoch the last one that it ended, counted from 1
   * @param labels what they are, a class each; null if there is no answer
   * @param predicted the classes of highest probability; null if there is no answer
   * @param unavailable why there is none, a sentence for people; null if there is one
   */
  record TestAnswers(int epoch, byte[] labels, byte[] predicted, String unavailable)
      implements BusMessage {
    public static TestAnswers unavailable(String why) {
      return new TestAnswers(0, null, null, why);
    }
  }

  /**
   * Asks for test images; answered by {@link Images}.
   *
   * @param from the first one's index, counted from 0
   * @param of a run that they are to be the test images of; null for those that are here
   */
  record ReadImages(String dataset, int from, int count, Run of) implements BusMessage {}

  /**
   * Test images.
   *
   * @param pixels {@link DatasetInfo#PIXELS} grey values an image, as unsigned bytes; null if there
   *     is no answer
   * @param labels a class each; null if there is no answer
   * @param classes names of all classes; null if there is no answer
   * @param unavailable why there is none, a sentence for people; null if there is one
   */
  record Images(byte[] pixels, byte[] labels, List<String> classes, String unavailable)
      implements BusMessage {
    public static Images unavailable(String why) {
      return new Images(null, null, null, why);
    }
  }

  /** Asks for the datasets that there are; answered by {@link ManyDatasets}. */
  record ListDatasets() implements BusMessage {}

  /** Datasets: those that everybody has first, then the operator's own by their names. */
  record ManyDatasets(List<DatasetInfo> datasets) implements BusMessage {
    public ManyDatasets {
      datasets = List.copyOf(datasets);
    }
  }
}
