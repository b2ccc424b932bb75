package dev.tandem.run;

/**
 * How much the coordinator takes on.
 *
 * @param activeRuns runs at a time
 * @param queuedRuns runs that wait
 * @param keptRuns runs on the list, the newest; older ones that have ended leave it
 * @param keptIterations iterations of all runs on the list together, counted over their variants:
 *     bounds the memory that the losses take
 */
public record Limits(int activeRuns, int queuedRuns, int keptRuns, long keptIterations) {
  public static final Limits DEFAULTS = new Limits(1, 20, 200, 50_000_000);

  /** These limits with another number of runs at a time. */
  public Limits withActiveRuns(int runs) {
    return new Limits(runs, queuedRuns, keptRuns, keptIterations);
  }
}
