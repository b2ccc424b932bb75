package dev.tandem.bench;

/** Resident size while run follows run. */
final class Memory implements Part {
  private static final int EARLY = 20;
  private static final int LATE = 200;

  /** Shorter than the seed experiment, to be done in a minute or two; -Dmemory.epochs=10 is it. */
  private final int epochs = Bench.property("memory.epochs").map(Integer::parseInt).orElse(5);

  @Override
  public void run(Report report) throws Exception {
    String json = Experiments.json(Experiments.seed(epochs));
    try (ServerProcess server = new ServerProcess()) {
      double early = Double.NaN;
      for (int run = 1; run <= LATE; run++) {
        Viewer.start(server.http, json).end();
        if (run == EARLY) {
          early = server.megabytes();
        }
        if (run % EARLY == 0) {
          report.note("   after %d runs: %.0f MB".formatted(run, server.megabytes()));
        }
      }
      double late = server.megabytes();
      report.figure("resident after %d runs of %d epochs".formatted(EARLY, epochs), early, "MB");
      report.figure("resident after %d runs".formatted(LATE), late, "MB");
      report.figure("growth", 100 * (late / early - 1), "%", 5);
    }
  }
}
