package dev.tandem.bench;

import dev.tandem.Server;
import dev.tandem.Settings;
import dev.tandem.run.Json;
import dev.tandem.run.RunSettings;
import dev.tandem.training.Trainings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
    Server server =
        Server.start(settings())
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    try {
      Http http = new Http("http://127.0.0.1:" + server.port());
      Samples[] times =
          Samples.inTurn(
              ROUNDS, () -> trainings.sideBySide(settings), () -> streamed(http, settings));
      report.figure("no events", times[0].median(), "s");
      report.figure("every loss streamed, one viewer", times[1].median(), "s");
      report.figure("slower by", 100 * (times[1].median() / times[0].median() - 1), "%", 2);
    } finally {
      server.close().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static Settings settings() throws IOException {
    return new Settings(
        "127.0.0.1",
        0,
        Files.createTempDirectory(Path.of("target"), "bench-stream"),
        Optional.empty(),
        200,
        false,
        2,
        1,
        Optional.empty(),
        List.of());
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
