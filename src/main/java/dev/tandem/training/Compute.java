package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.dl4j.BackendUnavailableException;
import dev.tandem.dl4j.ComputeBackend;
import dev.tandem.dl4j.Networks;
import dev.tandem.lens.Learner;
import dev.tandem.nn.OffHeap;
import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingPlan;

/** Makes networks for what computes here. Thread-safe. */
final class Compute {
  private final ComputeBackend backend;

  private Compute(ComputeBackend backend) {
    this.backend = backend;
  }

  /** What there is for trainings. Loads JavaCPP. Blocks. */
  static Memory memory() {
    OffHeap.prepare();
    return Memory.here();
  }

  /** On whatever is best here. */
  static Compute start() {
    return start(BackendChoice.AUTO);
  }

  /**
   * Loads native libraries. Blocks.
   *
   * @throws BackendUnavailableException if CUDA is asked for and can't be had, or nothing can
   */
  static Compute start(BackendChoice choice) {
    return new Compute(ComputeBackend.start(choice));
  }

  /** What the world may know of it. */
  BusMessage.Backend describe() {
    return backend.describe();
  }

  /** In which a training here writes what it has learnt. */
  Layout layout(TrainingPlan plan) {
    return backend.isOnCpu() || Networks.lacks(plan).isPresent() ? Layout.STEP : Layout.FIT;
  }

  /** A sentence where a training is not computed on what computes the others; null elsewhere. */
  String note(TrainingPlan plan) {
    return backend.isOnCpu()
        ? null
        : Networks.lacks(plan)
            .map(lacking -> "Computed on the processor: DeepLearning4J has %s.".formatted(lacking))
            .orElse(null);
  }

  /** A variant's network, ready to be trained. */
  Trainee trainee(TrainingPlan plan, Examples training, Examples test, int classes) {
    return Trainee.create(layout(plan), plan, training, test, classes);
  }

  /**
   * A network that has been trained, to be asked and tested; to be closed.
   *
   * @param maxRows examples that go through it at once, at most
   */
  Learner trained(TrainingPlan plan, TrainedNetwork network, int maxRows) {
    return Learners.trained(layout(plan), plan, network, maxRows);
  }
}
