package dev.tandem.lens;

import dev.tandem.run.LayerSample;
import java.util.ArrayList;
import java.util.List;

/** Looks into the hidden layers of one network. Used by one thread. */
public final class Lens {
  private final Distribution distribution = new Distribution();
  private final List<LayerLens> layers = new ArrayList<>();

  public Lens(List<Integer> hiddenLayers) {
    for (int units : hiddenLayers) {
      layers.add(new LayerLens(units, distribution));
    }
  }

  /**
   * @param index of a hidden layer, counted from 0
   */
  public LayerLens layer(int index) {
    return layers.get(index);
  }

  /** How many hidden layers there are. */
  int size() {
    return layers.size();
  }

  /** What was seen in the last training batch, for each hidden layer. */
  public List<LayerSample> samples() {
    return layers.stream().map(LayerLens::sample).toList();
  }

  /** Limits of a histogram's bins. */
  public static float[] histogramEdges() {
    return Distribution.histogramEdges();
  }

  /** Bins of what entered the ReLUs in the last test, for each hidden layer. */
  public int[][] histograms() {
    return layers.stream().map(LayerLens::histogram).toArray(int[][]::new);
  }
}
