package dev.tandem.store;

import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was last told of a run's trainings: losses, a test, and a look into the layers of each. */
final class LastEvents {
  private static final int PAGE = 100;

  /** Not read beyond: what is older belongs to a training that ended long before the others. */
  private static final int MOST = 2000;

  private final Run run;

  /** Kinds of events that are not found yet, by the trainings that are looked at. */
  private final Map<TrainingId, Set<Class<?>>> missing = new HashMap<>();

  private final List<RunEvent> found = new ArrayList<>();

  private LastEvents(Run run) {
    this.run = run;
    Map<String, Training> newest = new HashMap<>();
    for (Training training : run.trainings()) {
      if (training.iteration() > 0) {
        newest.merge(training.variant(), training, LastEvents::later);
      }
    }
    newest.values().forEach(training -> missing.put(training.id(), kinds(training)));
  }

  private static Training later(Training one, Training other) {
    return one.repeat() > other.repeat() ? one : other;
  }

  private static Set<Class<?>> kinds(Training of) {
    Set<Class<?>> kinds = new HashSet<>(Set.of(Steps.class));
    if (of.epoch() > 0) {
      kinds.add(EpochEnd.class);
    }
    if (of.lookedAt() > 0) {
      kinds.add(Layers.class);
    }
    return kinds;
  }

  /** In the order in which they happened, of each variant's newest repeat. */
  static List<RunEvent> of(Connection connection, Run run) throws SQLException {
    LastEvents last = new LastEvents(run);
    last.read(connection);
    Collections.reverse(last.found);
    return last.found;
  }

  private void read(Connection connection) throws SQLException {
    long before = Long.MAX_VALUE;
    for (int read = 0; read < MOST && !missing.isEmpty(); read += PAGE) {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT event FROM events WHERE run_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?")) {
        select.setString(1, run.id());
        select.setLong(2, before);
        select.setInt(3, PAGE);
        List<RunEvent> events = RunRows.events(select, Integer.MAX_VALUE);
        events.forEach(this::take);
        if (events.size() < PAGE) {
          return;
        }
        before = events.get(PAGE - 1).seq();
      }
    }
  }

  private void take(RunEvent event) {
    if (event instanceof TrainingEvent of) {
      Set<Class<?>> kinds = missing.get(of.training());
      if (kinds != null && kinds.remove(event.getClass())) {
        found.add(event);
        if (kinds.isEmpty()) {
          missing.remove(of.training());
        }
      }
    }
  }
}
