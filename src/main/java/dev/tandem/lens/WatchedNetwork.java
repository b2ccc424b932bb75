package dev.tandem.lens;

import dev.tandem.nn.Mode;
import dev.tandem.nn.Network;
import dev.tandem.nn.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A {@link Network} that can be looked into. */
public final class WatchedNetwork implements Learner {
  private final Network network;

  /** Null if nobody wants to look inside. */
  private final NetworkLens lens;

  /**
   * @param network is closed with it
   */
  public WatchedNetwork(Network network, boolean withLens) {
    this.network = network;
    lens = withLens ? new NetworkLens(network) : null;
  }

  @Override
  public double step(float[][] x, byte[] labels, int rows, boolean watched) {
    if (lens == null || !watched) {
      return network.step(x, labels, rows, null, null);
    }
    double loss = network.step(x, labels, rows, lens, lens.norms());
    lens.moved();
    return loss;
  }

  @Override
  public float[][] forward(float[][] x, int rows, Mode mode, boolean watched) {
    return network.forward(x, rows, mode, watched ? lens : null);
  }

  @Override
  public SoftmaxCrossEntropy trainingLoss() {
    return network.trainingLoss();
  }

  @Override
  public Optional<Lens> lens() {
    return Optional.ofNullable(lens).map(NetworkLens::lens);
  }

  @Override
  public int savedBytes(boolean withOptimizer) {
    return network.savedBytes(withOptimizer);
  }

  @Override
  public void save(ByteBuffer out, boolean withOptimizer) {
    network.save(out, withOptimizer);
  }

  @Override
  public void restore(ByteBuffer in, boolean withOptimizer) {
    network.restore(in, withOptimizer);
  }

  @Override
  public void close() {
    network.close();
  }
}
