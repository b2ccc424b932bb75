package dev.tandem.run;

/**
 * How much the coordinator takes on.
 *
 * @param activeRuns runs at a time
 * @param queuedRuns runs that wait
 */
public record Limits(int activeRuns, int queuedRuns) {}
