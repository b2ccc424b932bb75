package dev.tandem.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A tiny network that PyTorch trained step by step in float64, with all its numbers. */
final class Trajectory {
  private static final List<Integer> HIDDEN_LAYERS = List.of(7, 5);

  private final JsonObject file;

  private Trajectory(JsonObject file) {
    this.file = file;
  }

  /** Names of the files of multilayer perceptrons. */
  static Stream<String> names() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(path -> path.getFileName().toString()).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Trajectory read(String name) {
    try {
      return new Trajectory(new JsonObject(Files.readString(folder().resolve(name))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Trajectory.class.getResource("/trajectories").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  String optimizer() {
    return file.getString("optimizer");
  }

  String activation() {
    return file.getString("activation");
  }

  String normalization() {
    return file.getString("normalization");
  }

  int inputs() {
    return file.getInteger("side") * file.getInteger("side");
  }

  int batchSize() {
    return file.getInteger("batchSize");
  }

  /** The network with its initial weights. */
  Network network() {
    Network network =
        new MultilayerPerceptron(inputs(), HIDDEN_LAYERS, file.getInteger("classes"))
            .normalization(Registry.normalization(normalization()))
            .activation(Registry.activation(activation()))
            .network(
                Registry.optimizer(
                    optimizer(),
                    file.getDouble("learningRate"),
                    0.9,
                    optimizer().equals("adamw") ? 0.01 : 0),
                batchSize());
    for (Named named : parameters(network)) {
      named.parameters.set(named.fromPyTorch(values("before", named.name)));
    }
    return network;
  }

  /** A network's parameters under PyTorch's names: both have them in the order of the layers. */
  List<Named> parameters(Network network) {
    List<Named> parameters = new ArrayList<>();
    List<Parameters.Slice> slices = network.parameters().slices();
    // Unlike what is before the first step, gradients have no running statistics among them.
    for (String name : names("firstGradients")) {
      JsonArray shape = file.getJsonObject("before").getJsonObject(name).getJsonArray("shape");
      int rows = shape.size() == 1 ? 1 : shape.getInteger(1);
      parameters.add(new Named(name, slices.get(parameters.size()), rows, shape.getInteger(0)));
    }
    assertEquals(slices.size(), parameters.size());
    return parameters;
  }

  /**
   * @param rows of the matrix as Tandem has it; in PyTorch it is transposed
   */
  record Named(String name, Parameters.Slice parameters, int rows, int columns) {
    private float[] fromPyTorch(double[] values) {
      float[] turned = new float[values.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          turned[r * columns + c] = (float) values[c * rows + r];
        }
      }
      return turned;
    }

    double[] toPyTorch(float[] values) {
      double[] turned = new double[values.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          turned[c * rows + r] = values[r * columns + c];
        }
      }
      return turned;
    }
  }

  Set<String> names(String part) {
    return file.getJsonObject(part).fieldNames();
  }

  double[] values(String part, String name) {
    return doubles(file.getJsonObject(part).getJsonObject(name).getJsonArray("values"));
  }

  double[] losses() {
    return doubles(file.getJsonArray("losses"));
  }

  double[] testLogits() {
    return doubles(file.getJsonObject("testLogits").getJsonArray("values"));
  }

  float[][] examples() {
    return images("examples");
  }

  float[][] tests() {
    return images("tests");
  }

  byte[] labels() {
    double[] labels = doubles(file.getJsonArray("labels"));
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return bytes;
  }

  /** The examples of each batch, epoch after epoch. */
  List<int[]> batches() {
    List<int[]> batches = new ArrayList<>();
    for (Object epoch : file.getJsonArray("orders")) {
      double[] order = doubles((JsonArray) epoch);
      for (int from = 0; from < order.length; from += batchSize()) {
        int[] batch = new int[Math.min(batchSize(), order.length - from)];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = (int) order[from + i];
        }
        batches.add(batch);
      }
    }
    return batches;
  }

  private float[][] images(String part) {
    double[] values = doubles(file.getJsonObject(part).getJsonArray("values"));
    float[][] images = new float[values.length / inputs()][inputs()];
    for (int i = 0; i < values.length; i++) {
      images[i / inputs()][i % inputs()] = (float) values[i];
    }
    return images;
  }

  private static double[] doubles(JsonArray array) {
    return array.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
  }
}
