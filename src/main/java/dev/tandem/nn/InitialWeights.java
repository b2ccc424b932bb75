package dev.tandem.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a run's dense layers start from: uniform in ±1/√in, weights row by row (in × out), then
 * biases. A layer of the same shape at the same place starts the same whatever else differs between
 * the networks of a run: the run's own network is drawn layer after layer from one {@link
 * SplittableRandom}; a layer elsewhere has that part of the sequence if the run's own network has
 * one of its shape at its place, and a stream of its own if not. Thread-safe.
 */
public final class InitialWeights {
  /** The output layer's place, however many layers there are before it. */
  private static final int LAST = -1;

  private final long seed;
  private final double scale;

  /** How many numbers the run's own network draws before a layer. */
  private final Map<Place, Long> offsets = new HashMap<>();

  /** A dense layer, of which there can be one in a network. */
  private record Place(int index, int in, int out) {}

  /**
   * Of one dense layer.
   *
   * @param weights in × out, row by row
   * @param biases one for each unit
   */
  public record Drawn(float[] weights, float[] biases) {}

  /**
   * @param scale by which weights are multiplied, but not biases
   * @param inputs of the run's own network; so are its hidden layers, from the input on, and
   *     classes
   */
  public InitialWeights(
      long seed, double scale, int inputs, List<Integer> hiddenLayers, int classes) {
    this.seed = seed;
    this.scale = scale;
    long offset = 0;
    int in = inputs;
    for (int k = 0; k < hiddenLayers.size(); k++) {
      int out = hiddenLayers.get(k);
      offsets.put(new Place(k, in, out), offset);
      offset += (in + 1L) * out;
      in = out;
    }
    offsets.put(new Place(LAST, in, classes), offset);
  }

  /**
   * @param index of the hidden layer, from 0
   */
  public Drawn hidden(int index, int in, int out) {
    return draw(new Place(index, in, out));
  }

  public Drawn output(int in, int out) {
    return draw(new Place(LAST, in, out));
  }

  private Drawn draw(Place place) {
    SplittableRandom random = random(place);
    double bound = 1 / Math.sqrt(place.in);
    float[] weights = draw(place.in * place.out, bound, scale, random);
    return new Drawn(weights, draw(place.out, bound, 1, random));
  }

  private SplittableRandom random(Place place) {
    Long offset = offsets.get(place);
    if (offset != null) {
      // As if so many numbers had been drawn from it.
      return new SplittableRandom(seed + offset * StreamKey.GAMMA);
    }
    long key = StreamKey.of(StreamKey.of(seed, place.index), place.in);
    return new SplittableRandom(StreamKey.of(key, place.out));
  }

  private static float[] draw(int count, double bound, double scale, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * ((2 * random.nextDouble() - 1) * bound));
    }
    return values;
  }
}
