package dev.tandem.training;

import dev.tandem.run.BusMessage.Room;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import java.util.Optional;

/** Whether a training has memory enough here, were it alone; and if not, what to say of it. */
final class MemoryCheck {
  /** A batch that nobody would call large. */
  private static final int SMALL_BATCH = 60;

  private MemoryCheck() {}

  /**
   * Asked for a run: each training by itself has to fit, for they take turns if need be.
   *
   * @param room for all trainings together
   */
  static Room of(RunSettings settings, Memory room) {
    for (int i = 0; i < settings.variants().size(); i++) {
      TrainingPlan plan = settings.plan(new TrainingId(settings.variants().get(i).name(), 1));
      Memory whole = Memory.needs(plan, false).whole();
      if (!whole.fitsIn(room)) {
        return new Room(
            settings.fieldOf(i, field(plan, room)),
            ("makes a training that needs %s; this server has %s for trainings."
                    + " Less needs less; the server's start can give more (java -Xmx)")
                .formatted(whole, room));
      }
    }
    return Room.ENOUGH;
  }

  /** Asked for a training that is to begin: a sentence if it doesn't fit. */
  static Optional<String> fault(TrainingPlan plan, Memory room) {
    Memory whole = Memory.needs(plan, false).whole();
    return whole.fitsIn(room)
        ? Optional.empty()
        : Optional.of(
            "This training needs %s, and this server has %s for trainings. Smaller layers or batches need less; the server's start can give more (java -Xmx)."
                .formatted(whole, room));
  }

  /** Where it is best mended. */
  private static String field(TrainingPlan plan, Memory room) {
    Admission.Needs needs = Memory.needs(plan, false);
    if (Memory.withRows(plan, SMALL_BATCH).plus(needs.shared()).fitsIn(room)) {
      return "batchSize";
    }
    return 2 * needs.shared().heap() > room.heap() ? "trainingExamples" : "hiddenLayers";
  }
}
