package dev.tandem.training;

import dev.tandem.nn.SoftmaxCrossEntropy;

/** The order in which a trainee writes what it has learnt: another for each kind of trainee. */
enum Layout {
  /** {@code nn}'s: what is trained, matrices row by row; then all running statistics. */
  STEP(1, "Tandem's own step, on the CPU"),

  /** {@code dl4j}'s: DeepLearning4J's flat vector, matrices column by column. */
  FIT(2, "DeepLearning4J's fit, as on CUDA");

  /** In what is stored: not to be changed. */
  final byte code;

  /** For people. */
  final String maker;

  Layout(int code, String maker) {
    this.code = (byte) code;
    this.maker = maker;
  }

  /** Null for a code that there is not. */
  static Layout of(byte code) {
    for (Layout layout : values()) {
      if (layout.code == code) {
        return layout;
      }
    }
    return null;
  }

  /**
   * Bytes of a network's parameters with all that its next step depends on.
   *
   * @param moments that the optimizer keeps of each parameter
   */
  long bytesWithOptimizer(Shape shape, int moments) {
    long floats = shape.parameters() + (long) moments * shape.trained();
    int steps = this == STEP ? Long.BYTES : Integer.BYTES;
    return floats * Float.BYTES + steps + SoftmaxCrossEntropy.savedBytes();
  }
}
