package dev.tandem.lens;

import dev.tandem.nn.Activation;
import dev.tandem.nn.BatchNorm;
import dev.tandem.nn.Dense;
import dev.tandem.nn.Layer;
import dev.tandem.nn.Mode;
import dev.tandem.nn.Network;
import dev.tandem.nn.Normalization;
import dev.tandem.nn.Parameters;
import dev.tandem.nn.UpdateNorms;
import dev.tandem.nn.Watcher;
import java.util.ArrayList;
import java.util.List;

/** Looks into a {@link Network} while a batch goes through it. Used by one thread. */
final class NetworkLens implements Watcher {
  private final List<Layer> layers;
  private final Lens lens;
  private final UpdateNorms norms;

  /** For each layer of the network the hidden layer that it is part of, counted from 0. */
  private final int[] hidden;

  NetworkLens(Network network) {
    layers = network.layers();
    hidden = new int[layers.size()];
    List<Integer> units = new ArrayList<>();
    List<Parameters.Slice> weights = new ArrayList<>();
    for (int i = 0; i < layers.size() - 1; i++) {
      if (layers.get(i) instanceof Dense dense) {
        units.add(dense.out());
        weights.add(dense.weights());
      }
      hidden[i] = units.size() - 1;
    }
    lens = new Lens(units);
    norms = new UpdateNorms(weights);
  }

  Lens lens() {
    return lens;
  }

  UpdateNorms norms() {
    return norms;
  }

  @Override
  public void passed(int index, float[][] output, int rows, Mode mode) {
    if (index == layers.size() - 1) {
      return;
    }
    LayerLens into = lens.layer(hidden[index]);
    boolean entersActivation = layers.get(index + 1) instanceof Activation;
    boolean normalized = layers.get(index) instanceof Normalization;
    if (mode != Mode.TRAINING) {
      if (entersActivation) {
        into.testInputs(output, rows);
      }
      return;
    }
    if (entersActivation) {
      into.inputs(output, rows, normalized);
    } else if (layers.get(index) instanceof Dense) {
      into.sums(output, rows);
    }
    if (layers.get(index) instanceof BatchNorm norm) {
      into.normalized(
          LayerLens.ofBatchNorm(norm.meanGap(), norm.sdGap(), norm.gamma(), norm.beta()));
    }
  }

  /** The step has been taken. */
  void moved() {
    for (int i = 0; i < lens.size(); i++) {
      lens.layer(i).moved(norms.gradientNorm(i), norms.updateRatio(i));
    }
  }
}
