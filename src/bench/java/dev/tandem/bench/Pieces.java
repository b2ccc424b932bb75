package dev.tandem.bench;

import dev.tandem.nn.StepPieces;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The pieces of a step, by JMH. */
final class Pieces implements Part {
  @Override
  public void run(Report report) throws Exception {
    var options =
        new OptionsBuilder()
            .include(StepPieces.class.getSimpleName())
            .forks(1)
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(3)
            .measurementTime(TimeValue.milliseconds(500))
            .verbosity(VerboseMode.SILENT)
            .build();
    for (RunResult result : new Runner(options).run()) {
      report.figure(
          result.getPrimaryResult().getLabel(), result.getPrimaryResult().getScore(), "µs");
    }
  }
}
