package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.training.Trainings;
import java.util.Optional;

/**
 * The whole seed experiment on a warm server, from POST to its last event at a viewer, in turn with
 * PyTorch's two processes.
 */
record SeedRace(Trainings trainings) implements Part {
  private static final int ROUNDS = 9;

  @Override
  public void run(Report report) throws Exception {
    RunSettings seed = Experiments.seed(10);
    Optional<Peer> peer = Peer.of(seed, trainings, report);
    try (ServerProcess server = new ServerProcess()) {
      for (int i = 0; i < 3; i++) {
        run(server);
      }
      Samples[] times =
          Samples.inTurn(
              ROUNDS, () -> run(server), () -> peer.isPresent() ? peer.get().pair() : Double.NaN);
      report.figure("side by side, whole run, one viewer", times[0].median(), "s");
      if (peer.isPresent()) {
        report.figure("PyTorch, two processes", times[1].median(), "s");
        report.figure("Tandem ÷ PyTorch", times[0].median() / times[1].median(), "×", 1.0);
      }
    } finally {
      peer.ifPresent(Peer::close);
    }
  }

  private static double run(ServerProcess server) throws Exception {
    long started = System.nanoTime();
    return (Viewer.start(server.http, "{}").end() - started) / 1e9;
  }
}
