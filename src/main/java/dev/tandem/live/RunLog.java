package dev.tandem.live;

import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.EpochEnd;
import dev.tandem.run.RunEvent.Histograms;
import dev.tandem.run.RunEvent.Layers;
import dev.tandem.run.RunEvent.Steps;
import dev.tandem.run.RunEvent.TrainingEvent;
import dev.tandem.run.TrainingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All events of one run in memory, to be read from any number on. Losses are kept as numbers alone,
 * and neighbouring {@code steps} of one training are read as one. Not thread-safe.
 */
final class RunLog implements Source {
  /** Losses in one frame; a reader who needs more gets several frames. */
  private static final int FRAME_LOSSES = 50_000;

  private static final int LAYER_WEIGHT = 30;

  private final List<Entry> entries = new ArrayList<>();
  private final Map<TrainingId, Losses> losses = new LinkedHashMap<>();
  private final Map<TrainingId, List<EpochEnd>> epochs = new HashMap<>();
  private final Map<TrainingId, List<Layers>> layers = new HashMap<>();
  private Run run;

  /** Takes the next event. */
  void append(Run after, RunEvent event) {
    if (event.seq() != last() + 1) {
      throw new IllegalArgumentException(
          "event %d of run %s came after event %d".formatted(event.seq(), after.id(), last()));
    }
    run = after;
    if (event instanceof Steps steps) {
      losses(steps.training()).append(steps.losses());
      entries.add(
          new Entry(
              null,
              steps.training(),
              steps.from(),
              steps.losses().length,
              steps.at(),
              steps.firstAt()));
    } else {
      if (event instanceof EpochEnd end) {
        epochs(end.training()).add(end);
      }
      if (event instanceof Layers seen) {
        layers(seen.training()).add(seen);
      }
      TrainingId training = event instanceof TrainingEvent of ? of.training() : null;
      entries.add(new Entry(event, training, 0, weight(event), 0, Double.NaN));
    }
  }

  /** The run as it is now. */
  Run run() {
    return run;
  }

  @Override
  public long last() {
    return entries.size();
  }

  Losses losses(TrainingId training) {
    return losses.computeIfAbsent(training, id -> new Losses());
  }

  List<EpochEnd> epochs(TrainingId training) {
    return epochs.computeIfAbsent(training, id -> new ArrayList<>());
  }

  List<Layers> layers(TrainingId training) {
    return layers.computeIfAbsent(training, id -> new ArrayList<>());
  }

  /** About how many losses take as much of a frame. */
  private static int weight(RunEvent event) {
    if (event instanceof Layers seen) {
      return LAYER_WEIGHT * seen.layers().size();
    }
    if (event instanceof Histograms histograms) {
      return LAYER_WEIGHT * histograms.counts().length;
    }
    return 0;
  }

  @Override
  public Frame after(long cursor) {
    long end = cursor;
    long count = 0;
    double oldestStep = Double.NaN;
    while (end < last() && (count == 0 || count + entry(end + 1).count <= FRAME_LOSSES)) {
      Entry entry = entry(++end);
      count += entry.count;
      if (entry.event == null) {
        oldestStep = Double.isNaN(oldestStep) ? entry.firstAt : Math.min(oldestStep, entry.firstAt);
      }
    }
    List<RunEvent> events = merged(cursor, end);
    return new Frame(Json.write(events), end, events.size(), oldestStep);
  }

  /** All events after a number, neighbouring steps merged. */
  List<RunEvent> read(long cursor) {
    return merged(Math.min(cursor, last()), last());
  }

  /**
   * All events after a number, with at most {@code points} losses of each training.
   *
   * @return {@link RunEvent}s and {@link ThinnedSteps}
   */
  List<Object> read(long cursor, int points) {
    Map<TrainingId, Long> first = new LinkedHashMap<>();
    Map<TrainingId, Long> lastSeq = new HashMap<>();
    for (long seq = cursor + 1; seq <= last(); seq++) {
      Entry entry = entry(seq);
      if (entry.event == null) {
        first.putIfAbsent(entry.training, entry.from);
        lastSeq.put(entry.training, seq);
      }
    }
    List<Object> events = new ArrayList<>();
    for (long seq = cursor + 1; seq <= last(); seq++) {
      Entry entry = entry(seq);
      if (entry.event != null) {
        events.add(entry.event);
      } else if (lastSeq.get(entry.training) == seq) {
        events.add(thinned(seq, entry.training, first.get(entry.training), points));
      }
    }
    return events;
  }

  private ThinnedSteps thinned(long seq, TrainingId training, long from, int points) {
    Losses of = losses(training);
    long[] iterations = of.thinned(from, points);
    float[] values = new float[iterations.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = of.get(iterations[i]);
    }
    return new ThinnedSteps(seq, training, iterations, values);
  }

  /**
   * Events cursor + 1 to end. Steps of a training are merged until another event of it comes
   * between that stands where it does for a reason; what they are merged into takes the place and
   * number of the last, so numbers rise.
   */
  private List<RunEvent> merged(long cursor, long end) {
    Map<TrainingId, Long> began = new HashMap<>();
    Map<TrainingId, Long> closes = new HashMap<>();
    boolean[] isLast = new boolean[(int) (end - cursor) + 1];
    for (long seq = cursor + 1; seq <= end; seq++) {
      Entry entry = entry(seq);
      if (entry.event == null) {
        Long before = closes.put(entry.training, seq);
        if (before != null) {
          isLast[(int) (before - cursor)] = false;
        }
        isLast[(int) (seq - cursor)] = true;
      } else if (entry.training == null) {
        closes.clear();
      } else if (!(entry.event instanceof Layers)) {
        closes.remove(entry.training);
      }
    }
    List<RunEvent> events = new ArrayList<>();
    for (long seq = cursor + 1; seq <= end; seq++) {
      Entry entry = entry(seq);
      if (entry.event != null) {
        events.add(entry.event);
        continue;
      }
      long from = began.computeIfAbsent(entry.training, name -> entry.from);
      if (isLast[(int) (seq - cursor)]) {
        int count = (int) (entry.from + entry.count - from);
        float[] values = losses(entry.training).copy(from, count);
        events.add(steps(seq, entry, from, values));
        began.remove(entry.training);
      }
    }
    return events;
  }

  private static Steps steps(long seq, Entry last, long from, float[] losses) {
    TrainingId of = last.training;
    return new Steps(seq, of.variant(), of.repeat(), from, losses, last.at, null);
  }

  private Entry entry(long seq) {
    return entries.get((int) seq - 1);
  }

  /**
   * @param event null for steps, whose losses lie in {@link #losses}
   * @param training null for an event of the whole run
   * @param count losses, or what makes a frame as large
   */
  private record Entry(
      RunEvent event, TrainingId training, long from, int count, double at, double firstAt) {}
}
