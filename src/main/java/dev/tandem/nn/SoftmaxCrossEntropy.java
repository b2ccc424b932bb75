package dev.tandem.nn;

import java.nio.ByteBuffer;

/** Softmax with cross-entropy, over rows of logits. Counts what it sees until {@link #reset()}. */
public final class SoftmaxCrossEntropy {
  private final int classes;

  /** Exponentials of the row that was counted last. */
  private final double[] exponentials;

  private double loss;
  private long correct;
  private long examples;

  public SoftmaxCrossEntropy(int classes) {
    this.classes = classes;
    exponentials = new double[classes];
  }

  public void reset() {
    loss = 0;
    correct = 0;
    examples = 0;
  }

  /** Bytes that {@link #save} writes. */
  public static int savedBytes() {
    return Double.BYTES + 2 * Long.BYTES;
  }

  public void save(ByteBuffer out) {
    out.putDouble(loss).putLong(correct).putLong(examples);
  }

  public void restore(ByteBuffer in) {
    loss = in.getDouble();
    correct = in.getLong();
    examples = in.getLong();
  }

  /** Mean loss and accuracy of what was counted. */
  public Score score() {
    return new Score(loss / examples, (double) correct / examples);
  }

  /**
   * Counts a batch, and turns its logits into the gradient of the batch's mean loss by them:
   * (probability − target)/rows.
   *
   * @param logits rows × classes
   * @return the batch's mean loss, in nats
   */
  public double gradient(float[][] logits, byte[] labels, int rows) {
    double before = loss;
    for (int r = 0; r < rows; r++) {
      float[] row = logits[r];
      double sum = count(row, labels[r]);
      for (int c = 0; c < classes; c++) {
        double target = c == labels[r] ? 1 : 0;
        row[c] = (float) ((exponentials[c] / sum - target) / rows);
      }
    }
    return (loss - before) / rows;
  }

  /** Counts a batch. */
  public void count(float[][] logits, byte[] labels, int rows) {
    for (int r = 0; r < rows; r++) {
      count(logits[r], labels[r]);
    }
  }

  /** The class of the highest logit, the first of equal ones. */
  public int best(float[] logits) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    return best;
  }

  /** Turns a row of logits into probabilities; counts nothing. */
  public void probabilities(float[] logits, float[] into, int at) {
    double max = logits[best(logits)];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[c] - max);
    }
    for (int c = 0; c < classes; c++) {
      into[at + c] = (float) (Math.exp(logits[c] - max) / sum);
    }
  }

  /** Counts a row, by log-sum-exp, which doesn't overflow; returns the sum of exponentials. */
  private double count(float[] logits, int label) {
    int best = best(logits);
    double max = logits[best];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      exponentials[c] = Math.exp(logits[c] - max);
      sum += exponentials[c];
    }
    loss += Math.log(sum) + max - logits[label];
    correct += best == label ? 1 : 0;
    examples++;
    return sum;
  }
}
