package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.training.Trainings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The full MNIST, in small and large batches, and wide layers: side by side, in turn with PyTorch's
 * two processes. Epochs are alike, so of the wide ones few are measured.
 */
record FullSet(Trainings trainings, Optional<Path> mnist) implements Part {
  private static final int ROUNDS = 3;

  @Override
  public void run(Report report) throws Exception {
    if (mnist.isEmpty()) {
      report.note("   skipped: needs the full MNIST, -Dmnist=FOLDER");
      return;
    }
    race(
        report,
        "60,000, batch 60, 10 epochs",
        Experiments.mnist(60_000, 10_000, 10, 60, List.of(128, 64)));
    race(
        report,
        "60,000, batch 512, 10 epochs",
        Experiments.mnist(60_000, 10_000, 10, 512, List.of(128, 64)));
    race(
        report,
        "first 6,000, layers 1024 and 1024, batch 60, 1 epoch",
        Experiments.mnist(6_000, 1_000, 1, 60, List.of(1024, 1024)));
    race(
        report,
        "first 6,000, layers 1024 and 1024, batch 512, 2 epochs",
        Experiments.mnist(6_000, 1_000, 2, 512, List.of(1024, 1024)));
  }

  private void race(Report report, String name, RunSettings settings) throws Exception {
    Optional<Peer> peer = Peer.of(settings, trainings, report);
    try {
      Samples[] times =
          Samples.inTurn(
              ROUNDS,
              () -> trainings.sideBySide(settings),
              () -> peer.isPresent() ? peer.get().pair() : Double.NaN,
              () -> trainings.step(settings, Experiments.NONE).steps(),
              () -> trainings.step(settings, Experiments.BATCH).steps(),
              () -> settings.schedule().epochs() * trainings.products(settings));
      double ours = times[0].median();
      double products = times[4].median();
      report.figure(name + ": side by side", ours, "s");
      if (peer.isPresent()) {
        double theirs = times[1].median();
        report.figure(name + ": PyTorch, two processes", theirs, "s");
        report.figure(name + ": Tandem ÷ PyTorch", ours / theirs, "×", 1.0);
      }
      report.figure(name + ": share of gemm speed, none", 100 * products / times[2].median(), "%");
      report.figure(name + ": share of gemm speed, batch", 100 * products / times[3].median(), "%");
    } finally {
      peer.ifPresent(Peer::close);
    }
  }
}
