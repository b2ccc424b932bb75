package dev.tandem.live;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.run.Json;
import dev.tandem.run.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest change of each run's status or label, for those who watch all runs. Not thread-safe.
 * At most {@value #KEPT} runs, deleted ones included, are remembered.
 */
final class RunChanges implements Source {
  private static final int KEPT = 1000;

  private final Map<String, Change> changes = new LinkedHashMap<>();
  private long last;

  /**
   * An event has changed a run.
   *
   * @param event its number; one that is not above the last one's is told again, and dropped
   * @return whether it is new
   */
  boolean changed(Run run, long event, Instant at) {
    Change before = changes.get(run.id());
    if (before != null && before.event() >= event) {
      return false;
    }
    put(new Change(++last, "run", run.id(), run.status().label(), at, run, event));
    return true;
  }

  void deleted(String id, Instant at) {
    put(new Change(++last, "run", id, "deleted", at, null, Long.MAX_VALUE));
  }

  private void put(Change change) {
    // Removed first, so that the newest change is always the map's last.
    changes.remove(change.id());
    changes.put(change.id(), change);
    if (changes.size() > KEPT) {
      changes.remove(changes.keySet().iterator().next());
    }
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public Frame after(long cursor) {
    List<Change> news = new ArrayList<>();
    for (Change change : changes.values()) {
      if (change.seq() > cursor) {
        news.add(change);
      }
    }
    return new Frame(Json.write(news), last, news.size(), Double.NaN);
  }

  /**
   * @param seq counts the changes of all runs since the server's start
   * @param status the run's, or deleted
   * @param run absent when it was deleted
   * @param event number of the run's own event
   */
  private record Change(
      long seq,
      String type,
      String id,
      String status,
      Instant at,
      @JsonInclude(JsonInclude.Include.NON_NULL) Run run,
      @JsonIgnore long event) {}
}
