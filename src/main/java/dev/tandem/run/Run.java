package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.run.RunEvent.CancelRequest;
import dev.tandem.run.RunEvent.Data;
import dev.tandem.run.RunEvent.Label;
import dev.tandem.run.RunEvent.PaceChange;
import dev.tandem.run.RunEvent.RunChange;
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
 * @param pace that its trainings are held to now; that of its settings until somebody sets another
 * @param cancelRequestedAt when somebody asked for its end; null if nobody did
 * @param data what it is trained on; null before its first training has that, and for runs of
 *     before it was told
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
    List<Training> trainings,
    RunPace pace,
    @JsonInclude(JsonInclude.Include.NON_NULL) Instant cancelRequestedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) DataFingerprint data) {

  public Run {
    trainings = List.copyOf(trainings);
    if (pace == null) {
      // Runs of before it could change don't say it.
      pace = new RunPace(settings.schedule().iterationsPerSecond());
    }
  }

  /** One that nobody has slowed down or cancelled, and whose data isn't known. */
  public Run(
      String id,
      RunStatus status,
      Instant createdAt,
      Instant startedAt,
      Instant finishedAt,
      String name,
      String note,
      RunSettings settings,
      List<Training> trainings) {
    this(
        id,
        status,
        createdAt,
        startedAt,
        finishedAt,
        name,
        note,
        settings,
        trainings,
        null,
        null,
        null);
  }

  public static Run queued(String id, Instant now, RunSettings settings) {
    List<Training> trainings = new ArrayList<>();
    for (int repeat = 1; repeat <= settings.schedule().repeats(); repeat++) {
      for (Variant variant : settings.variants()) {
        trainings.add(Training.queued(variant, repeat));
      }
    }
    return new Run(id, RunStatus.QUEUED, now, null, null, null, null, settings, trainings);
  }

  /** Names of the classes that it tells apart, by label; empty as long as they aren't known. */
  public List<String> classes() {
    if (data != null && data.classes() != null) {
      return data.classes();
    }
    return settings.data().dataset().equals(DatasetInfo.MNIST) ? DatasetInfo.DIGITS : List.of();
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
      return new Run(
          id,
          status,
          createdAt,
          startedAt,
          finishedAt,
          name,
          note,
          settings,
          after,
          pace,
          cancelRequestedAt,
          data);
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
          trainings,
          pace,
          cancelRequestedAt,
          data);
    }
    if (event instanceof PaceChange change) {
      return with(new RunPace(change.iterationsPerSecond()), cancelRequestedAt, data);
    }
    if (event instanceof CancelRequest request) {
      return with(pace, request.at(), data);
    }
    if (event instanceof Data is) {
      return with(pace, cancelRequestedAt, is.data());
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
        trainings,
        pace,
        cancelRequestedAt,
        data);
  }

  private Run with(RunPace held, Instant cancelRequested, DataFingerprint trainedOn) {
    return new Run(
        id,
        status,
        createdAt,
        startedAt,
        finishedAt,
        name,
        note,
        settings,
        trainings,
        held,
        cancelRequested,
        trainedOn);
  }
}
