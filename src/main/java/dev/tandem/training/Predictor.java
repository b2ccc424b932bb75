package dev.tandem.training;

import dev.tandem.lens.Learner;
import dev.tandem.nn.Mode;
import dev.tandem.nn.SoftmaxCrossEntropy;

/** What a network sees in examples of which nothing is known. Used by the network's thread. */
final class Predictor {
  private final Learner learner;
  private final int classes;
  private final int maxRows;
  private final SoftmaxCrossEntropy softmax;

  /**
   * @param maxRows examples that go through the network at once, at most
   */
  Predictor(Learner learner, int classes, int maxRows) {
    this.learner = learner;
    this.classes = classes;
    this.maxRows = maxRows;
    softmax = new SoftmaxCrossEntropy(classes);
  }

  /**
   * By running statistics, as the network is meant to be used.
   *
   * @param features count × inputs, as in {@link Examples}
   * @return count × classes, row by row
   */
  float[] probabilities(float[][] features, int count) {
    float[] probabilities = new float[count * classes];
    float[][] rows = new float[Math.min(maxRows, count)][];
    for (int from = 0; from < count; from += rows.length) {
      int some = Math.min(rows.length, count - from);
      System.arraycopy(features, from, rows, 0, some);
      float[][] logits = learner.forward(rows, some, Mode.EVALUATION, false);
      for (int r = 0; r < some; r++) {
        softmax.probabilities(logits[r], probabilities, (from + r) * classes);
      }
    }
    return probabilities;
  }
}
