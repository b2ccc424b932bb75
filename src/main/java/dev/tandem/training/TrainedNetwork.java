package dev.tandem.training;

import dev.tandem.nn.NumpyArrays;
import dev.tandem.run.Normalization;
import dev.tandem.run.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A trained network as the store keeps it: its parameters alone, read in either {@link Layout}
 * whichever it was written in, so that it is the same network whatever computes.
 */
final class TrainedNetwork {
  private final Shape shape;
  private final Layout layout;
  private final ByteBuffer body;
  private final FloatBuffer values;
  private final List<Block> blocks;

  private TrainedNetwork(Shape shape, Layout layout, ByteBuffer body) {
    this.shape = shape;
    this.layout = layout;
    this.body = body;
    values = body.asFloatBuffer();
    this.blocks = blocks(shape);
  }

  /** What is to be stored of a network that has been trained. */
  static byte[] state(Trainee trainee) {
    return SavedState.write(
        SavedState.Kind.NETWORK,
        trainee.layout(),
        trainee.shape(),
        trainee.learner().savedBytes(false),
        out -> trainee.learner().save(out, false));
  }

  /**
   * A network.
   *
   * @param body all parameters
   */
  static TrainedNetwork of(Shape shape, Layout layout, ByteBuffer body) {
    return new TrainedNetwork(shape, layout, body);
  }

  /**
   * Reads what is stored.
   *
   * @param plan of the training
   * @throws UnusableStateException if it is damaged, or not of this training's shape
   */
  static TrainedNetwork read(byte[] bytes, TrainingPlan plan) throws UnusableStateException {
    return read(bytes, Shape.of(plan), plan.seed());
  }

  /**
   * @param seed of the initial weights
   */
  static TrainedNetwork read(byte[] bytes, Shape shape, long seed) throws UnusableStateException {
    if (!SavedState.hasHead(bytes)) {
      return headless(bytes, shape, seed);
    }
    SavedState kept = SavedState.read(bytes, SavedState.Kind.NETWORK, shape);
    return new TrainedNetwork(shape, kept.layout(), checked(kept.body(), shape));
  }

  private static ByteBuffer checked(ByteBuffer body, Shape shape) throws UnusableStateException {
    if (body.remaining() != (long) shape.parameters() * Float.BYTES) {
      throw SavedState.Kind.NETWORK.isUnusable("is damaged: it has another length than it should");
    }
    return body;
  }

  /**
   * One of the version before, which did not say its layout. Read in the wrong one it is no more
   * like the weights it began with than any other numbers; in its own it is.
   */
  private static TrainedNetwork headless(byte[] bytes, Shape shape, long seed)
      throws UnusableStateException {
    ByteBuffer body = checked(ByteBuffer.wrap(bytes), shape);
    float[] began = initial(shape, seed);
    TrainedNetwork asFit = new TrainedNetwork(shape, Layout.FIT, body);
    FloatBuffer values = asFit.values;
    double likeStep = 0;
    for (int i = 0; i < began.length; i++) {
      likeStep += (double) began[i] * values.get(i);
    }
    double likeFit = 0;
    for (Block block : asFit.blocks) {
      for (int i = 0; i < block.size(); i++) {
        likeFit += (double) began[block.inStep(i)] * values.get(block.at + i);
      }
    }
    return likeFit > likeStep ? asFit : new TrainedNetwork(shape, Layout.STEP, body);
  }

  /**
   * The weights of all layers as that version drew them, in the step's layout, and zeros elsewhere.
   */
  private static float[] initial(Shape shape, long seed) {
    float[] all = new float[shape.parameters()];
    SplittableRandom random = new SplittableRandom(seed);
    for (Block block : blocks(shape)) {
      if (block.weights) {
        float[] drawn = draw(block.size(), block.rows, random);
        System.arraycopy(drawn, 0, all, block.from, drawn.length);
        // Its biases, which are drawn next.
        draw(block.columns, block.rows, random);
      }
    }
    return all;
  }

  private static float[] draw(int count, int in, SplittableRandom random) {
    double bound = 1 / Math.sqrt(in);
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  Shape shape() {
    return shape;
  }

  /** All parameters, as a trainee of that layout saves them. */
  ByteBuffer bytes(Layout wanted) {
    if (wanted == layout) {
      return body.duplicate();
    }
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * shape.parameters());
    bytes.asFloatBuffer().put(values(wanted));
    return bytes;
  }

  /** All parameters. */
  float[] values(Layout wanted) {
    float[] all = new float[shape.parameters()];
    if (wanted == Layout.FIT) {
      readFlat(0, all, all.length);
    } else if (layout == Layout.STEP) {
      values.get(0, all);
    } else {
      for (Block block : blocks) {
        for (int i = 0; i < block.size(); i++) {
          all[block.inStep(i)] = values.get(block.at + i);
        }
      }
    }
    return all;
  }

  /** Some parameters, by their places in DeepLearning4J's flat vector. */
  void readFlat(int from, float[] into, int count) {
    if (layout == Layout.FIT) {
      values.get(from, into, 0, count);
      return;
    }
    for (Block block : blocks) {
      int first = Math.max(from, block.at);
      int end = Math.min(from + count, block.at + block.size());
      for (int i = first; i < end; i++) {
        into[i - from] = values.get(block.inStep(i - block.at));
      }
    }
  }

  /**
   * Its arrays by the names and shapes that they have in PyTorch's state_dict, if the network is a
   * Sequential of Flatten, and for each hidden layer Linear, its normalization, its activation and
   * its Dropout, and a last Linear. Places are those of {@link #readFlat}, in which weights lie as
   * PyTorch has them: out × in.
   */
  NumpyArrays arrays(boolean withDropout) {
    NumpyArrays arrays = new NumpyArrays();
    int module = 1;
    int at = 0;
    int in = shape.inputs();
    for (int units : shape.hiddenLayers()) {
      at = linear(arrays, module++, at, in, units);
      if (shape.normalization() != Normalization.NONE) {
        arrays.add(module + ".weight", at, units).add(module + ".bias", at + units, units);
        at += 2 * units;
        if (shape.hasRunningStatistics()) {
          arrays
              .add(module + ".running_mean", at, units)
              .add(module + ".running_var", at + units, units);
          at += 2 * units;
        }
        module++;
      }
      module += withDropout ? 2 : 1;
      in = units;
    }
    linear(arrays, module, at, in, shape.classes());
    return arrays;
  }

  private static int linear(NumpyArrays arrays, int module, int at, int in, int out) {
    arrays.add(module + ".weight", at, out, in).add(module + ".bias", at + out * in, out);
    return at + (in + 1) * out;
  }

  /** In the order of DeepLearning4J's flat vector. */
  private static List<Block> blocks(Shape shape) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    int from = 0;
    int running = shape.trained();
    int in = shape.inputs();
    for (int units : shape.hiddenLayers()) {
      blocks.add(new Block(at, from, in, units, true));
      blocks.add(new Block(at + in * units, from + in * units, units, 1, false));
      at += (in + 1) * units;
      from += (in + 1) * units;
      if (shape.normalization() != Normalization.NONE) {
        blocks.add(new Block(at, from, 2 * units, 1, false)); // γ and β
        at += 2 * units;
        from += 2 * units;
      }
      if (shape.hasRunningStatistics()) {
        blocks.add(new Block(at, running, 2 * units, 1, false)); // mean and variance
        at += 2 * units;
        running += 2 * units;
      }
      in = units;
    }
    blocks.add(new Block(at, from, in, shape.classes(), true));
    blocks.add(
        new Block(
            at + in * shape.classes(), from + in * shape.classes(), shape.classes(), 1, false));
    return blocks;
  }

  /**
   * A matrix or a vector: column by column in the flat vector, row by row in the step's layout.
   *
   * @param at its first place in the flat vector
   * @param from its first place in the step's layout
   */
  private record Block(int at, int from, int rows, int columns, boolean weights) {
    int size() {
      return rows * columns;
    }

    /** Place in the step's layout of the flat vector's i-th of this block. */
    int inStep(int i) {
      return from + i % rows * columns + i / rows;
    }
  }
}
