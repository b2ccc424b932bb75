package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** An event of one variant's training. */
@JsonSubTypes({
  @JsonSubTypes.Type(TrainingEvent.Steps.class),
  @JsonSubTypes.Type(TrainingEvent.EpochEnd.class),
  @JsonSubTypes.Type(TrainingEvent.TrainingChange.class),
  @JsonSubTypes.Type(TrainingEvent.Layers.class),
  @JsonSubTypes.Type(TrainingEvent.Histograms.class)
})
public sealed interface TrainingEvent extends RunEvent {
  /** Name of the variant. */
  String variant();

  /** Which of the variant's trainings, counted from 1. */
  int repeat();

  /** The training that it is of. */
  default TrainingId training() {
    return new TrainingId(variant(), repeat());
  }

  @Override
  TrainingEvent numbered(long seq);

  /**
   * The losses of consecutive iterations.
   *
   * @param from iteration of the first loss, counted from 1 over the whole training
   * @param losses mean cross-entropy per example of each batch, in nats; NaN or infinite where it
   *     diverged, null in JSON
   * @param at end of the last step, in milliseconds since 1970
   * @param seconds duration of each step; null once it has been measured (it isn't kept)
   * @param parts the events that the store has put together into this one; null if it is one
   */
  @JsonTypeName("steps")
  record Steps(
      long seq,
      String variant,
      int repeat,
      long from,
      float[] losses,
      double at,
      @JsonInclude(JsonInclude.Include.NON_NULL) float[] seconds,
      @JsonInclude(JsonInclude.Include.NON_NULL) Parts parts)
      implements TrainingEvent {
    public Steps {
      repeat = Math.max(1, repeat);
    }

    /** As it is told. */
    public Steps(
        long seq,
        String variant,
        int repeat,
        long from,
        float[] losses,
        double at,
        float[] seconds) {
      this(seq, variant, repeat, from, losses, at, seconds, null);
    }

    /**
     * Several events as they were told, in their order: a reader's place among them stays known.
     *
     * @param seqs their numbers; the last one is that of the whole
     * @param counts how many of the losses each had
     * @param ats the end of each one's last step, in milliseconds since 1970
     */
    public record Parts(long[] seqs, int[] counts, double[] ats) {}

    /**
     * Events of one training as one; their steps follow each other.
     *
     * @param of at least one, each of them as it was told
     */
    public static Steps together(List<Steps> of) {
      int count = of.stream().mapToInt(steps -> steps.losses.length).sum();
      float[] losses = new float[count];
      int used = 0;
      for (Steps steps : of) {
        System.arraycopy(steps.losses, 0, losses, used, steps.losses.length);
        used += steps.losses.length;
      }
      Parts parts =
          new Parts(
              of.stream().mapToLong(Steps::seq).toArray(),
              of.stream().mapToInt(steps -> steps.losses.length).toArray(),
              of.stream().mapToDouble(Steps::at).toArray());
      Steps first = of.get(0);
      Steps last = of.get(of.size() - 1);
      return new Steps(
          last.seq, first.variant, first.repeat, first.from, losses, last.at, null, parts);
    }

    @Override
    public Steps numbered(long seq) {
      return new Steps(seq, variant, repeat, from, losses, at, seconds, parts);
    }

    /** What is kept of it. */
    public Steps withoutSeconds() {
      return new Steps(seq, variant, repeat, from, losses, at, null, parts);
    }

    /** Iteration of the last loss. */
    public long to() {
      return from + losses.length - 1;
    }

    /** When the first of these steps ended, in milliseconds since 1970. */
    public double firstAt() {
      double first = at;
      if (seconds != null) {
        for (int i = 1; i < seconds.length; i++) {
          first -= seconds[i] * 1e3;
        }
      }
      return first;
    }
  }

  /**
   * A pass over the training set ended and the test set was evaluated.
   *
   * @param epoch counted from 1
   * @param iteration the epoch's last
   * @param trainLoss mean over the epoch's examples, in nats, while the weights were changing
   * @param trainAccuracy ratio 0–1 over the epoch's examples, while the weights were changing
   * @param testLoss mean over the test examples, in nats
   * @param testAccuracy ratio 0–1
   * @param elapsedSeconds since the training's start, evaluations and waits for its pace included
   * @param examplesPerSecond of this epoch's training steps, evaluation and waits left out
   * @param trainModeTestLoss as testLoss, but normalized by the statistics of each test batch, as
   *     in training; null unless the run tests so and the network has such layers, or if it is not
   *     finite
   * @param trainModeTestAccuracy likewise, ratio 0–1
   */
  @JsonTypeName("epoch")
  record EpochEnd(
      long seq,
      String variant,
      int repeat,
      int epoch,
      long iteration,
      double trainLoss,
      double trainAccuracy,
      double testLoss,
      double testAccuracy,
      double elapsedSeconds,
      double examplesPerSecond,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double trainModeTestLoss,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double trainModeTestAccuracy)
      implements TrainingEvent {
    public EpochEnd {
      repeat = Math.max(1, repeat);
    }

    /** Of an epoch without a test in train mode. */
    public EpochEnd(
        long seq,
        String variant,
        int repeat,
        int epoch,
        long iteration,
        double trainLoss,
        double trainAccuracy,
        double testLoss,
        double testAccuracy,
        double elapsedSeconds,
        double examplesPerSecond) {
      this(
          seq,
          variant,
          repeat,
          epoch,
          iteration,
          trainLoss,
          trainAccuracy,
          testLoss,
          testAccuracy,
          elapsedSeconds,
          examplesPerSecond,
          null,
          null);
    }

    @Override
    public EpochEnd numbered(long seq) {
      return new EpochEnd(
          seq,
          variant,
          repeat,
          epoch,
          iteration,
          trainLoss,
          trainAccuracy,
          testLoss,
          testAccuracy,
          elapsedSeconds,
          examplesPerSecond,
          trainModeTestLoss,
          trainModeTestAccuracy);
    }
  }

  /**
   * A training's status changed, or there is something new to say of it.
   *
   * @param message a sentence for people, or null
   */
  @JsonTypeName("training")
  record TrainingChange(long seq, String variant, int repeat, TrainingStatus status, String message)
      implements TrainingEvent {
    public TrainingChange {
      // Events of before there were repeats don't say it.
      repeat = Math.max(1, repeat);
    }

    @Override
    public TrainingChange numbered(long seq) {
      return new TrainingChange(seq, variant, repeat, status, message);
    }
  }

  /**
   * A step was looked into. Its place among {@code steps} says nothing: its iteration does.
   *
   * @param iteration of the step, counted from 1 over the whole training
   * @param layers hidden layers, from input to output
   */
  @JsonTypeName("layers")
  record Layers(long seq, String variant, int repeat, long iteration, List<LayerSample> layers)
      implements TrainingEvent {
    public Layers {
      layers = List.copyOf(layers);
    }

    @Override
    public Layers numbered(long seq) {
      return new Layers(seq, variant, repeat, iteration, layers);
    }
  }

  /**
   * What entered the ReLUs of each hidden layer when an epoch had ended: for the first test images,
   * the same after every epoch, normalized by running statistics.
   *
   * @param epoch counted from 1
   * @param edges limits of the bins, rising; the same in all runs
   * @param counts for each hidden layer, how many values lie below the first edge, from each edge
   *     up to the next, and from the last one on
   */
  @JsonTypeName("histograms")
  record Histograms(long seq, String variant, int repeat, int epoch, float[] edges, int[][] counts)
      implements TrainingEvent {
    @Override
    public Histograms numbered(long seq) {
      return new Histograms(seq, variant, repeat, epoch, edges, counts);
    }
  }
}
