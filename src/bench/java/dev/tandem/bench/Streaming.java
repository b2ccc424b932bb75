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
 * The same trainings without any events and on a server in this process, every loss stored and
 * streamed to a viewer: both from their first step to their last evaluation, in turn, in one warm
 * JVM. Where processor time went beside the trainings is told too; the viewer, which in life is
 * elsewhere, is part of it.
 */
record Streaming(Trainings trainings) implements Part {
  private static final int ROUNDS = 9;
  private static final int EPOCHS = 160;

  /** Trained before, so that the JIT has done with what is called only some times a second. */
  private static final int WARMING_RUNS = 20;

  private static final List<String> SERVER = List.of("vert.x-", "tandem-store", "vertx-");
  private static final List<String> VIEWER = List.of("HttpClient");
  private static final List<String> JIT = List.of("C1 Comp", "C2 Comp");
  private static final List<String> GARBAGE = List.of("GC ", "G1 ", "VM Thread");

  @Override
  public void run(Report report) throws Exception {
    RunSettings settings = Experiments.seed(EPOCHS);
    Samples server = new Samples();
    Samples viewer = new Samples();
    Samples jit = new Samples();
    Samples garbage = new Samples();
    Path data = Files.createTempDirectory(Path.of("target"), "bench-stream");
    try (HostedServer host = new HostedServer(data)) {
      Http http = new Http(host.url());
      for (int warming = 0; warming < WARMING_RUNS; warming++) {
        streamed(http, settings);
      }
      Samples[] times =
          Samples.inTurn(
              ROUNDS,
              () -> trainings.sideBySide(settings),
              () -> {
                CpuTimes before = CpuTimes.now();
                double seconds = streamed(http, settings);
                CpuTimes after = CpuTimes.now();
                server.add(1000 * after.secondsSince(before, SERVER) / seconds);
                viewer.add(1000 * after.secondsSince(before, VIEWER) / seconds);
                jit.add(1000 * after.secondsSince(before, JIT) / seconds);
                garbage.add(1000 * after.secondsSince(before, GARBAGE) / seconds);
                return seconds;
              });
      report.figure("no events", times[0].median(), "s");
      report.figure("every loss stored and streamed, one viewer", times[1].median(), "s");
      report.figure("slower by", 100 * (times[1].median() / times[0].median() - 1), "%", 2);
      report.figure("processor time a second: server", server.median(), "ms");
      report.figure("processor time a second: the viewer", viewer.median(), "ms");
      report.figure("processor time a second: JIT", jit.median(), "ms");
      report.figure("processor time a second: garbage collection", garbage.median(), "ms");
    }
  }

  private static double streamed(Http http, RunSettings settings) throws Exception {
    String run = http.start(Experiments.json(settings));
    Viewer.follow(http, run).end();
    return seconds(http, run);
  }

  /** The longest training's own seconds. */
  static double seconds(Http http, String run) throws Exception {
    byte[] events = http.get("/api/runs/" + run + "/events?resolution=2").getBytes("UTF-8");
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
