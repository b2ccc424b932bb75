package dev.tandem.training;

import dev.tandem.run.BusMessage.Room;
import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
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
    for (Variant variant : settings.variants()) {
      Memory whole = Memory.needs(settings, variant, false).whole();
      if (!whole.fitsIn(room)) {
        return new Room(
            field(settings, variant, room),
            ("makes a training that needs %s; this server has %s for trainings."
                    + " Less needs less; the server's start can give more (java -Xmx)")
                .formatted(whole, room));
      }
    }
    return Room.ENOUGH;
  }

  /** Asked for a training that is to begin: a sentence if it doesn't fit. */
  static Optional<String> fault(RunSettings settings, Variant variant, Memory room) {
    Memory whole = Memory.needs(settings, variant, false).whole();
    return whole.fitsIn(room)
        ? Optional.empty()
        : Optional.of(
            "This training needs %s, and this server has %s for trainings. Smaller layers or batches need less; the server's start can give more (java -Xmx)."
                .formatted(whole, room));
  }

  /** Where it is best mended. */
  private static String field(RunSettings settings, Variant variant, Memory room) {
    Admission.Needs needs = Memory.needs(settings, variant, false);
    if (Memory.withRows(settings, variant, SMALL_BATCH).plus(needs.shared()).fitsIn(room)) {
      return "batchSize";
    }
    return 2 * needs.shared().heap() > room.heap() ? "trainingExamples" : "hiddenLayers";
  }
}
