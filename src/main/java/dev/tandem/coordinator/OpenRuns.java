package dev.tandem.coordinator;

import dev.tandem.run.BusMessage;
import dev.tandem.run.RunStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs that have not ended, oldest first; one that has stays until the store knows all of it.
 */
final class OpenRuns {
  private final Map<String, OpenRun> runs = new LinkedHashMap<>();

  OpenRun add(OpenRun run) {
    runs.put(run.id(), run);
    return run;
  }

  /** Null if it is not here: then it ended long ago, is not durable yet, or never was. */
  OpenRun get(String id) {
    OpenRun run = runs.get(id);
    return run == null || run.durable() == null ? null : run;
  }

  /** It never was. */
  void remove(OpenRun run) {
    runs.remove(run.id());
  }

  boolean anyAtWork() {
    return runs.values().stream().anyMatch(OpenRun::isAtWork);
  }

  List<OpenRun> with(RunStatus status) {
    return runs.values().stream().filter(run -> run.now().status() == status).toList();
  }

  /** How many train, or are about to: not those that can't on this server. */
  long active() {
    return with(RunStatus.RUNNING).stream().filter(run -> !run.isHeld()).count();
  }

  long count(RunStatus status) {
    return with(status).size();
  }

  /** Nothing was recorded of a run that was loaded: if it has ended, the store has it all. */
  void letGo(OpenRun run) {
    if (run.now().status().hasEnded() && run.durable() == run.now()) {
      runs.remove(run.id());
    }
  }

  /** An event has become durable: from now on the world may know of it. */
  void durable(BusMessage.Happened news) {
    OpenRun run = runs.get(news.run().id());
    run.durable(news.run());
    if (news.run().status().hasEnded() && news.event().seq() == run.lastSeq()) {
      runs.remove(run.id());
    }
  }
}
