package dev.tandem.run;

import java.util.Set;

/**
 * Which runs are wanted, in which order, and how many of them.
 *
 * @param search words that a run's name, note, variants, settings, status or id has, all of them;
 *     empty for all runs
 * @param statuses where they stand; empty for anywhere
 * @param ascending the oldest, the first of the alphabet or the least accurate first, else the
 *     other way round
 * @param after only those that come after this place in that order; null for the beginning
 * @param limit at most so many
 */
public record RunQuery(
    String search,
    Set<RunStatus> statuses,
    Order order,
    boolean ascending,
    Place after,
    int limit) {

  public RunQuery {
    statuses = Set.copyOf(statuses);
  }

  /** The newest runs of all, or those that are older than one. */
  public static RunQuery newest(int limit, String before) {
    Place after = before == null ? null : new Place(null, before);
    return new RunQuery("", Set.of(), Order.TIME, false, after, limit);
  }

  /** What runs are sorted by; those that are alike in it, by time. */
  public enum Order {
    /** When they were asked for. */
    TIME,
    /** Their names, without regard to case and accents; runs without a name come last. */
    NAME,
    /**
     * The best of their variants' last test accuracies, each the mean of the repeats that did not
     * diverge; runs without any come before all others.
     */
    ACCURACY
  }

  /**
   * A run's place in an order.
   *
   * @param key what it is sorted by, as the store has it; null if that is its time
   */
  public record Place(String key, String id) {}
}
