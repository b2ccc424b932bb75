package dev.tandem.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The runs that have not ended, oldest first; one that has stays until the store knows it. */
final class OpenRuns {
  private final Map<String, OpenRun> runs = new LinkedHashMap<>();

  OpenRun add(OpenRun run) {
    runs.put(run.id(), run);
    return run;
  }

  /** Null if it is not here: then it ended long ago, or never was. */
  OpenRun get(String id) {
    return runs.get(id);
  }

  /** A run as it is now; the store may be a few events behind. */
  Run now(Run stored) {
    OpenRun run = runs.get(stored.id());
    return run == null ? stored : run.now();
  }

  List<OpenRun> with(RunStatus status) {
    return runs.values().stream().filter(run -> run.now().status() == status).toList();
  }

  long count(RunStatus status) {
    return with(status).size();
  }

  /** Lets go of a run that has ended, once its end is durable. */
  void remove(OpenRun run, Outbox outbox) {
    outbox.whenDurable(() -> runs.remove(run.id()));
  }
}
