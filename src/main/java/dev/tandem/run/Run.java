package dev.tandem.run;

import dev.tandem.run.RunEvent.Label;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunEvent.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * One comparison, as its events so far tell it.
 *
 * @param id names it in addresses; later runs have greater ones
 * @param startedAt null while it waits
 * @param finishedAt null until it has ended
 * @param name that somebody gave it, one line; null if nobody did
 * @param note that somebody made of it; null if nobody did
 * @param trainings one for each variant and repeat: the first repeat's in the variants' order, then
 *     the second's
 */
public record Run(
    String id,
    RunStatus status,
    Instant createdAt,
    Instant startedAt,
    Instant finishedAt,
    String name,
    String note,
    RunSettings settings,
    List<Training> trainings) {

  public Run {
    trainings = List.copyOf(trainings);
  }

  static Run queued(String id, Instant now, RunSettings settings) {
    List<Training> trainings = new ArrayList<>();
    for (int repeat = 1; repeat <= settings.repeats(); repeat++) {
      for (Variant variant : settings.variants()) {
        trainings.add(Training.queued(variant, repeat));
      }
    }
    return new Run(id, RunStatus.QUEUED, now, null, null, null, null, settings, trainings);
  }

  /** Stands for its name and note: another one for others. */
  public String labelTag() {
    String label = Json.text(Arrays.asList(name, note));
    return UUID.nameUUIDFromBytes(label.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** What it is after an event. */
  public Run after(RunEvent event) {
    if (event instanceof TrainingEvent of) {
      List<Training> after =
          trainings.stream().map(t -> t.id().equals(of.training()) ? t.after(of) : t).toList();
      return new Run(id, status, createdAt, startedAt, finishedAt, name, note, settings, after);
    }
    if (event instanceof Label label) {
      return new Run(
          id,
          status,
          createdAt,
          startedAt,
          finishedAt,
          label.name(),
          label.note(),
          settings,
          trainings);
    }
    RunChange change = (RunChange) event;
    return new Run(
        id,
        change.status(),
        createdAt,
        change.status() == RunStatus.RUNNING ? change.at() : startedAt,
        change.status().hasEnded() ? change.at() : finishedAt,
        name,
        note,
        settings,
        trainings);
  }
}
