package dev.tandem.live;

import dev.tandem.run.LayerSample;
import dev.tandem.run.LayerSample.OfBatchNorm;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Layers;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What was seen in a run's hidden layers as CSV, a piece at a time: a row for each layer of each
 * iteration that was looked into. What isn't finite is {@code NaN}. For one thread.
 */
final class LayerRows implements Iterator<String> {
  private static final int EVENTS = 200;

  private static final String HEAD =
      "variant,iteration,layer,sum_mean,sum_sd,input_mean,input_sd,input_p15,input_p50,input_p85,"
          + "dead_ratio,gradient_norm,update_ratio,batch_mean_gap,batch_sd_gap,"
          + "gamma_min,gamma_mean,gamma_max,beta_min,beta_mean,beta_max";

  private static final String NO_BATCH_NORM = ",".repeat(8);

  private final RunLog log;
  private final List<Training> trainings;
  private final boolean repeated;
  private int training;
  private List<Layers> events;
  private int event;
  private boolean headed;

  /**
   * @param log does not grow meanwhile
   */
  LayerRows(RunLog log) {
    this.log = log;
    this.trainings = log.run().trainings();
    this.repeated = log.run().settings().schedule().repeats() > 1;
  }

  @Override
  public boolean hasNext() {
    return !headed || hasEvent();
  }

  private boolean hasEvent() {
    while (training < trainings.size()) {
      if (events == null) {
        events = log.layers(trainings.get(training).id());
      }
      if (event < events.size()) {
        return true;
      }
      training++;
      events = null;
      event = 0;
    }
    return false;
  }

  /** The next rows, each ended by a line break. */
  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    StringBuilder rows = new StringBuilder();
    if (!headed) {
      rows.append(HEAD).append(repeated ? ",repeat\n" : "\n");
      headed = true;
    }
    for (int i = 0; i < EVENTS && hasEvent(); i++) {
      rows(rows, events.get(event++));
    }
    return rows.toString();
  }

  private void rows(StringBuilder rows, Layers seen) {
    for (int layer = 0; layer < seen.layers().size(); layer++) {
      rows.append(Csv.cell(seen.variant())).append(',').append(seen.iteration()).append(',');
      rows.append(layer + 1).append(',').append(numbers(seen.layers().get(layer)));
      rows.append(repeated ? "," + seen.repeat() + "\n" : "\n");
    }
  }

  private static String numbers(LayerSample of) {
    String numbers =
        joined(
            of.sumMean(),
            of.sumSd(),
            of.inputMean(),
            of.inputSd(),
            of.inputLow(),
            of.inputMedian(),
            of.inputHigh(),
            of.deadRatio(),
            of.gradientNorm(),
            of.updateRatio());
    OfBatchNorm norm = of.batchNorm();
    return norm == null
        ? numbers + NO_BATCH_NORM
        : numbers
            + ","
            + joined(
                norm.meanGap(),
                norm.sdGap(),
                norm.gammaMin(),
                norm.gammaMean(),
                norm.gammaMax(),
                norm.betaMin(),
                norm.betaMean(),
                norm.betaMax());
  }

  private static String joined(double... numbers) {
    return DoubleStream.of(numbers)
        .mapToObj(value -> Double.isFinite(value) ? Float.toString((float) value) : "NaN")
        .collect(Collectors.joining(","));
  }
}
