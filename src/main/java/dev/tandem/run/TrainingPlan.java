package dev.tandem.run;

import java.util.List;

/**
 * What one training is to do: the settings of a run with what its variant changes, for one repeat.
 *
 * @param hiddenLayersOfRun those of the run's own network: a layer of the same shape at the same
 *     place has the same initial weights in all variants
 * @param batchSize examples in a mini-batch; an epoch's last one may be smaller
 * @param epochs passes over the training set
 * @param seed fixes the initial weights and the order of batches
 */
public record TrainingPlan(
    DataSettings data,
    NetworkSettings network,
    List<Integer> hiddenLayersOfRun,
    OptimizerSettings optimizer,
    int batchSize,
    int epochs,
    long seed,
    Watching watching) {

  public TrainingPlan {
    hiddenLayersOfRun = List.copyOf(hiddenLayersOfRun);
  }

  /** Mini-batches in one epoch, the smaller last one included. */
  public int iterationsPerEpoch() {
    return (data.trainingExamples() + batchSize - 1) / batchSize;
  }

  /** Mini-batches in the whole training. */
  public long iterations() {
    return (long) iterationsPerEpoch() * epochs;
  }

  /** Examples that it has learnt from after so many iterations. */
  public long examplesAfter(long iterations) {
    long inEpoch = iterations % iterationsPerEpoch() * batchSize;
    return iterations / iterationsPerEpoch() * data.trainingExamples()
        + Math.min(inEpoch, data.trainingExamples());
  }

  /** Whether it is tested in train mode too: it makes a difference to batch normalization alone. */
  public boolean testsInTrainMode() {
    return watching.trainModeTest() && network.normalization() == Normalization.BATCH;
  }

  /** Weights and biases of the network's layers. */
  long parameters() {
    return network.parameters(DatasetInfo.PIXELS, data.classes());
  }
}
