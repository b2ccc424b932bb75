package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;

/**
 * One variant of one run being trained, as its events so far tell it.
 *
 * @param repeat which of the variant's trainings, counted from 1
 * @param epoch last one ended, 0 before
 * @param iteration last one reported, 0 before
 * @param trainLoss mean over the last epoch in nats, before the first one's end the last batch's;
 *     null before
 * @param testLoss after the last epoch, in nats; null before
 * @param testAccuracy after the last epoch, ratio 0–1; null before
 * @param examplesPerSecond of the last epoch; null before
 * @param message a sentence for people, or null
 * @param lookedAt last iteration that was looked into, 0 before
 * @param histogramsOf last epoch whose histograms were told, 0 before
 */
public record Training(
    String variant,
    int repeat,
    TrainingStatus status,
    int epoch,
    long iteration,
    Double trainLoss,
    Double testLoss,
    Double testAccuracy,
    Double examplesPerSecond,
    String message,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) long lookedAt,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int histogramsOf) {

  public Training {
    repeat = Math.max(1, repeat);
  }

  /** One whose layers have not been looked into. */
  public Training(
      String variant,
      int repeat,
      TrainingStatus status,
      int epoch,
      long iteration,
      Double trainLoss,
      Double testLoss,
      Double testAccuracy,
      Double examplesPerSecond,
      String message) {
    this(
        variant,
        repeat,
        status,
        epoch,
        iteration,
        trainLoss,
        testLoss,
        testAccuracy,
        examplesPerSecond,
        message,
        0,
        0);
  }

  /** Its name within its run. */
  @JsonIgnore
  public TrainingId id() {
    return new TrainingId(variant, repeat);
  }

  static Training queued(Variant variant, int repeat) {
    return new Training(
        variant.name(), repeat, TrainingStatus.QUEUED, 0, 0, null, null, null, null, null);
  }

  /** What it is after an event of its own. */
  Training after(TrainingEvent event) {
    if (event instanceof Steps steps) {
      Double loss = epoch == 0 ? finite(steps.losses()[steps.losses().length - 1]) : trainLoss;
      return new Training(
          variant,
          repeat,
          status,
          epoch,
          steps.to(),
          loss,
          testLoss,
          testAccuracy,
          examplesPerSecond,
          message,
          lookedAt,
          histogramsOf);
    }
    if (event instanceof EpochEnd end) {
      return new Training(
          variant,
          repeat,
          status,
          end.epoch(),
          end.iteration(),
          finite(end.trainLoss()),
          finite(end.testLoss()),
          end.testAccuracy(),
          end.examplesPerSecond(),
          message,
          lookedAt,
          histogramsOf);
    }
    if (event instanceof Layers layers) {
      return looked(layers.iteration(), histogramsOf);
    }
    if (event instanceof Histograms histograms) {
      return looked(lookedAt, histograms.epoch());
    }
    TrainingChange change = (TrainingChange) event;
    return new Training(
        variant,
        repeat,
        change.status(),
        epoch,
        iteration,
        trainLoss,
        testLoss,
        testAccuracy,
        examplesPerSecond,
        change.message(),
        lookedAt,
        histogramsOf);
  }

  private Training looked(long at, int histograms) {
    return new Training(
        variant,
        repeat,
        status,
        epoch,
        iteration,
        trainLoss,
        testLoss,
        testAccuracy,
        examplesPerSecond,
        message,
        at,
        histograms);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
