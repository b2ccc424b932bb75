package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.lens.Learner;
import dev.tandem.run.BusMessage.Kept;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.BusMessage.TestAnswers;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
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
      Learner learner = restore(compute, kept, training, 1);
      TrainingPlan plan = kept.run().settings().plan(training);
      network =
          new Network(
              learner,
              new Predictor(learner, plan.data().classes(), 1),
              plan.iterations(),
              kept.state().length);
      networks.put(name, network);
      shrink();
    }
    return network;
  }

  /**
   * What a network takes its test set for; it does not stay ready.
   *
   * @throws UnusableStateException if what the store keeps is no such network
   */
  static TestAnswers test(Compute compute, Kept kept, TrainingId training, Examples test)
      throws UnusableStateException {
    TrainingPlan plan = kept.run().settings().plan(training);
    int rows = Math.min(Evaluation.ROWS, test.size());
    try (Learner learner = restore(compute, kept, training, rows)) {
      Evaluation evaluation = new Evaluation(learner, Shape.of(plan), test, plan);
      evaluation.score();
      return new TestAnswers(plan.epochs(), evaluation.labels(), evaluation.predictions(), null);
    }
  }

  /**
   * A network made ready from what the store keeps; to be closed.
   *
   * @param maxRows examples that go through it at once, at most
   * @throws UnusableStateException if that is no such network
   */
  private static Learner restore(Compute compute, Kept kept, TrainingId training, int maxRows)
      throws UnusableStateException {
    TrainingPlan plan = kept.run().settings().plan(training);
    return compute.trained(plan, TrainedNetwork.read(kept.state(), plan), maxRows);
  }

  private void shrink() {
    Iterator<Network> oldest = networks.values().iterator();
    long bytes = networks.values().stream().mapToLong(Network::bytes).sum();
    while (networks.size() > 1 && (networks.size() > MOST || bytes > MOST_BYTES)) {
      Network leaving = oldest.next();
      oldest.remove();
      bytes -= leaving.bytes;
      leaving.learner.close();
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
      leaving.learner.close();
    }
  }

  int size() {
    return networks.size();
  }

  @Override
  public void close() {
    networks.values().forEach(network -> network.learner.close());
    networks.clear();
  }

  private record Name(String runId, TrainingId training) {}

  /**
   * One that is ready.
   *
   * @param iterations that it was trained for
   * @param bytes of its parameters
   */
  record Network(Learner learner, Predictor predictor, long iterations, long bytes) {
    Seen ask(Examples images) {
      return new Seen(iterations, predictor.probabilities(images.features(), images.size()), null);
    }
  }
}
