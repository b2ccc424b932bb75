package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.training.Trainings;

/** Two trainings side by side against each alone. */
record Pair(Trainings trainings) implements Part {
  private static final int ROUNDS = 7;

  @Override
  public void run(Report report) throws Exception {
    RunSettings seed = Experiments.seed(10);
    Samples[] times =
        Samples.inTurn(
            ROUNDS,
            () -> trainings.step(seed, Experiments.NONE).whole(),
            () -> trainings.step(seed, Experiments.BATCH).whole(),
            () -> trainings.sideBySide(seed));
    double slower = Math.max(times[0].median(), times[1].median());
    report.figure("slower variant alone", slower, "s");
    report.figure("both side by side", times[2].median(), "s");
    report.figure("side by side ÷ slower alone", times[2].median() / slower, "×", 1.15);
  }
}
