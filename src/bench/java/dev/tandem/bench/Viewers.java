package dev.tandem.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A run that 200 follow against one that nobody follows, on one warm server. The viewers read on
 * the same cores; what that takes is told too.
 */
final class Viewers implements Part {
  private static final int VIEWERS = 200;
  private static final int ROUNDS = 3;

  /**
   * So long that the slowest hundredth is more than one frame, and that checkpoints are written.
   */
  private static final int EPOCHS = 250;

  private static final int WARMING_EPOCHS = 300;

  private final Samples trainedAlone = new Samples();
  private final Samples trainedFollowed = new Samples();
  private final Samples cpuPerViewer = new Samples();
  private final Samples cpuOfCrowd = new Samples();
  private final Samples delay = new Samples();

  @Override
  public void run(Report report) throws Exception {
    String json = Experiments.json(Experiments.seed(EPOCHS));
    try (ServerProcess server = new ServerProcess()) {
      String warming = server.http.start(Experiments.json(Experiments.seed(WARMING_EPOCHS)));
      try (Crowd crowd = new Crowd(server.http.url(), warming, VIEWERS)) {
        waitFor(server.http, warming);
      }
      for (int round = 0; round < ROUNDS; round++) {
        double before = server.cpuSeconds();
        String alone = server.http.start(json);
        waitFor(server.http, alone);
        double cpuAlone = server.cpuSeconds() - before;
        trainedAlone.add(Streaming.seconds(server.http, alone));

        Histogram delays = Histogram.of(server.http.get("/metrics"));
        before = server.cpuSeconds();
        CpuTimes mine = CpuTimes.now();
        String followed = server.http.start(json);
        try (Crowd crowd = new Crowd(server.http.url(), followed, VIEWERS)) {
          waitFor(server.http, followed);
          cpuOfCrowd.add(
              100
                  * CpuTimes.now().secondsSince(mine, List.of("crowd"))
                  / Streaming.seconds(server.http, followed));
        }
        double cpu = server.cpuSeconds() - before - cpuAlone;
        double seconds = Streaming.seconds(server.http, followed);
        trainedFollowed.add(seconds);
        cpuPerViewer.add(100 * cpu / seconds / VIEWERS);
        delay.add(1000 * Histogram.of(server.http.get("/metrics")).minus(delays).quantile(0.99));
      }
    }
    report.figure("training, nobody follows", trainedAlone.median(), "s");
    report.figure("training, 200 viewers", trainedFollowed.median(), "s");
    report.figure(
        "slower by", 100 * (trainedFollowed.median() / trainedAlone.median() - 1), "%", 10);
    report.figure("step to frame, p99", delay.median(), "ms", 150);
    report.figure("server CPU per viewer", cpuPerViewer.median(), "% of a core");
    report.figure("server CPU for all of them", VIEWERS * cpuPerViewer.median(), "% of a core");
    report.figure("the viewers' own CPU, beside it", cpuOfCrowd.median(), "% of a core");
  }

  private static void waitFor(Http http, String run) throws Exception {
    while (http.get("/api/runs/" + run).contains("\"finishedAt\":null")) {
      Thread.sleep(100);
    }
  }

  /**
   * The delays that a server has measured.
   *
   * @param bounds upper bounds of the buckets, in seconds
   * @param counts of delays up to each
   */
  private record Histogram(List<Double> bounds, List<Double> counts) {
    static Histogram of(String metrics) {
      List<Double> bounds = new ArrayList<>();
      List<Double> counts = new ArrayList<>();
      metrics
          .lines()
          .filter(line -> line.startsWith("tandem_live_delay_seconds_bucket"))
          .forEach(
              line -> {
                String bound = line.replaceFirst(".*le=\"([^\"]*)\".*", "$1");
                bounds.add(
                    bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound));
                counts.add(Double.parseDouble(line.replaceFirst(".* ", "")));
              });
      return new Histogram(bounds, counts);
    }

    Histogram minus(Histogram before) {
      List<Double> since = new ArrayList<>();
      for (int i = 0; i < counts.size(); i++) {
        since.add(counts.get(i) - before.counts.get(i));
      }
      return new Histogram(bounds, since);
    }

    /** As Prometheus reckons it: evenly spread in its bucket. */
    double quantile(double share) {
      double rank = share * counts.get(counts.size() - 1);
      for (int i = 0; i < counts.size(); i++) {
        if (counts.get(i) >= rank) {
          double low = i == 0 ? 0 : bounds.get(i - 1);
          double below = i == 0 ? 0 : counts.get(i - 1);
          return low + (bounds.get(i) - low) * (rank - below) / (counts.get(i) - below);
        }
      }
      return Double.NaN;
    }
  }
}
