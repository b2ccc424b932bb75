package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import dev.tandem.training.Trainings;

/** What looking into the layers costs: the seed experiment with and without it, in turn. */
record LensCost(Trainings trainings) implements Part {
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 31;
  private static final int SERVER_ROUNDS = 21;

  @Override
  public void run(Report report) throws Exception {
    RunSettings off = Experiments.seed(10);
    RunSettings on = Experiments.withLens(off);
    for (Variant variant : off.variants()) {
      for (int i = 0; i < WARM_UP; i++) {
        trainings.step(on, variant);
        trainings.step(off, variant);
      }
      Samples[] times =
          Samples.inTurn(
              ROUNDS,
              () -> trainings.step(off, variant).whole(),
              () -> trainings.step(on, variant).whole());
      report.figure(
          variant.name() + ": training with the lens ÷ without",
          times[1].median() / times[0].median(),
          "×",
          1.03);
    }
    try (ServerProcess server = new ServerProcess()) {
      for (int i = 0; i < WARM_UP; i++) {
        run(server, true);
        run(server, false);
      }
      Samples[] times =
          Samples.inTurn(SERVER_ROUNDS, () -> run(server, false), () -> run(server, true));
      report.figure(
          "whole run with a viewer, with the lens ÷ without",
          times[1].median() / times[0].median(),
          "×");
    }
  }

  private static double run(ServerProcess server, boolean lens) throws Exception {
    long started = System.nanoTime();
    return (Viewer.start(server.http, "{\"lens\":%s}".formatted(lens)).end() - started) / 1e9;
  }
}
