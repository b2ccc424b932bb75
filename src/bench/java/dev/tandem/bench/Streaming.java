package dev.tandem.bench;

import dev.tandem.HostedServer;
import dev.tandem.run.Json;
import dev.tandem.run.RunSettings;
import dev.tandem.training.Trainings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The same trainings without any events and on a server in this process, every loss streamed to a
 * viewer: both from their first step to their last evaluation.
 */
record Streaming(Trainings trainings) implements Part {
  private static final int ROUNDS = 9;
  private static final int EPOCHS = 20;

  @Override
  public void run(Report report) throws Exception {
    RunSettings settings = Experiments.seed(EPOCHS);
    Path data = Files.createTempDirectory(Path.of("target"), "bench-stream");
    try (HostedServer server = new HostedServer(data)) {
      Http http = new Http(server.url());
      Samples[] times =
          Samples.inTurn(
              ROUNDS, () -> trainings.sideBySide(settings), () -> streamed(http, settings));
      report.figure("no events", times[0].median(), "s");
      report.figure("every loss streamed, one viewer", times[1].median(), "s");
      report.figure("slower by", 100 * (times[1].median() / times[0].median() - 1), "%", 2);
    }
  }

  private static double streamed(Http http, RunSettings settings) throws Exception {
    String run = http.start(Experiments.json(settings));
    Viewer.follow(http, run).end();
    return seconds(http, run);
  }

  /** The longest training's own seconds. */
  static double seconds(Http http, String run) throws Exception {
    byte[] events = http.get("/api/runs/" + run + "/events").getBytes("UTF-8");
    double longest = 0;
    for (Object event : Json.read(events, List.class)) {
      Object elapsed = ((Map<?, ?>) event).get("elapsedSeconds");
      if (elapsed != null) {
        longest = Math.max(longest, ((Number) elapsed).doubleValue());
      }
    }
    return longest;
  }
}
