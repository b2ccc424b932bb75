package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import dev.tandem.training.Trainings;

/** Training steps, one training at a time: DeepLearning4J's fit, Tandem's step, the floor. */
record Steps(Trainings trainings) implements Part {
  private static final int ROUNDS = 7;

  @Override
  public void run(Report report) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    RunSettings epoch = Experiments.seed(1);
    RunSettings part = Experiments.mnist(1200, 100, 1, 60, epoch.network().hiddenLayers());
    for (Variant variant : epoch.variants()) {
      Samples[] speeds =
          Samples.inTurn(
              ROUNDS,
              () -> speed(part, trainings.fit(part, variant, cores).steps()),
              () -> speed(part, trainings.fit(part, variant, 1).steps()),
              () -> speed(epoch, trainings.step(epoch, variant).steps()),
              () -> speed(epoch, trainings.products(epoch)));
      double fit = speeds[0].median();
      double fitOneThread = speeds[1].median();
      double step = speeds[2].median();
      double floor = speeds[3].median();
      String name = variant.name() + ": ";
      report.figure(name + "fit, defaults", fit, "examples/s");
      report.figure(name + "fit, 1 thread", fitOneThread, "examples/s");
      report.figure(name + "Tandem's step", step, "examples/s");
      report.figure(name + "its matrix products alone", floor, "examples/s");
      report.figure(name + "Tandem's step ÷ fit, defaults", step / fit, "×");
      report.figure(name + "Tandem's step ÷ fit, 1 thread", step / fitOneThread, "×");
      report.figure(name + "share of gemm speed reached", 100 * step / floor, "%");
    }
  }

  private static double speed(RunSettings settings, double seconds) {
    return settings.data().trainingExamples() / seconds;
  }
}
