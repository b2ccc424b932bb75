package dev.tandem.bench;

import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.Variant;
import dev.tandem.training.Trainings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The same run in PyTorch: one single-threaded process a variant. */
final class Peer implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src", "bench", "python", "peer.py");
  private static final Path EXAMPLES = Path.of("target", "bench-examples");

  private final List<Process> processes = new ArrayList<>();
  private final List<BufferedReader> answers = new ArrayList<>();
  private final List<Writer> questions = new ArrayList<>();

  private Peer(String python, RunSettings settings) throws IOException {
    for (Variant variant : settings.variants()) {
      ProcessBuilder builder =
          new ProcessBuilder(
              python,
              SCRIPT.toString(),
              EXAMPLES.toString(),
              settings.plan(new TrainingId(variant.name(), 1)).network().normalization().label(),
              String.valueOf(settings.schedule().seed()),
              String.valueOf(settings.schedule().epochs()),
              String.valueOf(settings.schedule().batchSize()),
              settings.network().hiddenLayers().stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(",")),
              String.valueOf(settings.data().trainingExamples()),
              String.valueOf(settings.data().testExamples()));
      builder.environment().put("OMP_NUM_THREADS", "1");
      builder.environment().put("OPENBLAS_NUM_THREADS", "1");
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      processes.add(process);
      answers.add(process.inputReader(StandardCharsets.UTF_8));
      questions.add(process.outputWriter(StandardCharsets.UTF_8));
    }
    for (BufferedReader answer : answers) {
      if (!"ready".equals(answer.readLine())) {
        close();
        throw new IOException("PyTorch does not start");
      }
    }
  }

  /** Ready to train; or nothing, with a note, where PyTorch is not installed. */
  static Optional<Peer> of(RunSettings settings, Trainings trainings, Report report)
      throws Exception {
    for (String python : List.of(Bench.property("python").orElse("/usr/bin/python3"), "python3")) {
      if (hasTorch(python)) {
        trainings.write(settings, EXAMPLES);
        return Optional.of(new Peer(python, settings));
      }
    }
    report.note("   without PyTorch, which is not installed (Debian: python3-torch)");
    return Optional.empty();
  }

  private static boolean hasTorch(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import torch")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Trains all variants at once; seconds until the last has answered. */
  double pair() throws IOException {
    long started = System.nanoTime();
    for (Writer question : questions) {
      question.write("go\n");
      question.flush();
    }
    for (BufferedReader answer : answers) {
      answer.readLine();
    }
    return (System.nanoTime() - started) / 1e9;
  }

  /** Trains one variant, alone; the seconds that its steps took. */
  double steps(int variant) throws IOException {
    questions.get(variant).write("go\n");
    questions.get(variant).flush();
    return Double.parseDouble(answers.get(variant).readLine().split(" ")[2]);
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
  }
}
