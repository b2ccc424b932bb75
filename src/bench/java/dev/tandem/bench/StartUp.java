package dev.tandem.bench;

/** From nothing to ready, and from a cold server's first POST to the first loss at a viewer. */
final class StartUp implements Part {
  private static final int ROUNDS = 3;

  /** How long a person may need to press Start. */
  private static final long READING_MILLIS = 3000;

  @Override
  public void run(Report report) throws Exception {
    Samples ready = new Samples();
    Samples atOnce = new Samples();
    Samples later = new Samples();
    Samples whole = new Samples();
    for (int round = 0; round < 2 * ROUNDS; round++) {
      try (ServerProcess server = new ServerProcess()) {
        ready.add(server.readySeconds);
        boolean waits = round % 2 == 1;
        if (waits) {
          Thread.sleep(READING_MILLIS);
        }
        long posted = System.nanoTime();
        Viewer viewer = Viewer.start(server.http, "{}");
        (waits ? later : atOnce).add((viewer.firstLoss() - posted) / 1e9);
        double seconds = (viewer.end() - posted) / 1e9;
        if (waits) {
          whole.add(seconds);
        }
      }
    }
    report.figure("java -jar to ready", ready.median(), "s", 2);
    report.figure("POST the moment it is ready, to the first loss", atOnce.median(), "s", 1.5);
    report.figure("POST 3 s later, to the first loss", later.median(), "s", 1.5);
    report.figure("that first run, whole", whole.median(), "s");
  }
}
