package dev.tandem.training;

import dev.tandem.data.Dataset;
import dev.tandem.data.Examples;
import dev.tandem.run.BusMessage.Kept;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.Variant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Trained networks made ready again, the last ones asked: for somebody who draws a digit and asks
 * with every stroke. At most {@value #MOST} of them and {@value #MOST_BYTES} bytes of parameters,
 * but always the last one; the others are closed at once, for they hold memory outside the heap.
 * Used by one thread.
 */
final class Restored implements AutoCloseable {
  private static final int MOST = 8;

  /** Of parameters. */
  private static final long MOST_BYTES = 16 << 20;

  private static final Examples NO_TEST =
      Examples.of(new byte[Dataset.FEATURES], new byte[1], 1, Dataset.FEATURES);

  /** The longest unused first. */
  private final Map<Name, Network> networks = new LinkedHashMap<>(16, 0.75f, true);

  /** A network that is ready. */
  Optional<Network> known(String runId, TrainingId training) {
    return Optional.ofNullable(networks.get(new Name(runId, training)));
  }

  /** Asks a network, made ready if need be. */
  Seen ask(Compute compute, Kept kept, TrainingId training, Examples images) {
    try {
      return get(compute, kept, training).ask(images);
    } catch (UnusableStateException e) {
      return Seen.unavailable(e.getMessage());
    }
  }

  /**
   * A network that is ready, made so if need be.
   *
   * @param kept what the store keeps of it, with a state
   * @throws UnusableStateException if that is no such network
   */
  private Network get(Compute compute, Kept kept, TrainingId training)
      throws UnusableStateException {
    Name name = new Name(kept.run().id(), training);
    Network network = networks.get(name);
    if (network == null) {
      network =
          new Network(
              restore(compute, kept, training, NO_TEST),
              kept.run().settings().iterations(),
              kept.state().length);
      networks.put(name, network);
      shrink();
    }
    return network;
  }

  /**
   * A network made ready from what the store keeps; to be closed.
   *
   * @param test its test set
   * @throws UnusableStateException if that is no such network
   */
  static Trainee restore(Compute compute, Kept kept, TrainingId training, Examples test)
      throws UnusableStateException {
    RunSettings settings = kept.run().settings().ofRepeat(training.repeat());
    Variant variant = settings.variant(training.variant());
    return compute.trained(
        settings, variant, TrainedNetwork.read(kept.state(), settings, variant), test);
  }

  private void shrink() {
    Iterator<Network> oldest = networks.values().iterator();
    long bytes = networks.values().stream().mapToLong(Network::bytes).sum();
    while (networks.size() > 1 && (networks.size() > MOST || bytes > MOST_BYTES)) {
      Network leaving = oldest.next();
      oldest.remove();
      bytes -= leaving.bytes;
      leaving.trainee.close();
    }
  }

  /** A run is no more. */
  void remove(String runId) {
    networks.keySet().stream()
        .filter(name -> name.runId.equals(runId))
        .toList()
        .forEach(this::remove);
  }

  private void remove(Name name) {
    Network leaving = networks.remove(name);
    if (leaving != null) {
      leaving.trainee.close();
    }
  }

  int size() {
    return networks.size();
  }

  @Override
  public void close() {
    networks.values().forEach(network -> network.trainee.close());
    networks.clear();
  }

  private record Name(String runId, TrainingId training) {}

  /**
   * One that is ready.
   *
   * @param iterations that it was trained for
   * @param bytes of its parameters
   */
  record Network(Trainee trainee, long iterations, long bytes) {
    Seen ask(Examples images) {
      return new Seen(iterations, trainee.probabilities(images.features(), images.size()), null);
    }
  }
}
