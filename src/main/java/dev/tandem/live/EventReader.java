package dev.tandem.live;

import dev.tandem.run.RunEvent;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Goes through a log, a frame's worth of events at a time. Neighbouring {@code steps} of a training
 * are merged until another event of it comes between that stands where it does for a reason; what
 * they are merged into takes the place and number of the last, so numbers rise. For one thread.
 */
final class EventReader {
  /** Losses in one frame, some 220 KB; a reader who needs more gets several frames. */
  static final int FRAME_LOSSES = 20_000;

  /** One of some losses comes with its iteration. */
  private static final int POINT_WEIGHT = 2;

  private static final int LAYER_WEIGHT = 30;
  private static final int EPOCH_WEIGHT = 30;
  private static final int WEIGHT = 8;

  private final RunLog log;
  private final boolean looks;
  private final Reach[] reaches;
  private int other;
  private long cursor;
  private double oldestStep;

  /**
   * @param log does not grow while it is gone through
   * @param points at most so many losses of each training; 0 for all
   * @param looks whether what was seen in hidden layers is among the events
   */
  EventReader(RunLog log, long cursor, int points, boolean looks) {
    this.log = log;
    this.looks = looks;
    this.cursor = Math.min(cursor, log.last());
    this.other = log.firstOtherAfter(this.cursor);
    this.reaches = new Reach[log.tracks().size()];
    for (int i = 0; i < reaches.length; i++) {
      reaches[i] = new Reach(log.tracks().get(i), this.cursor, points);
    }
  }

  boolean hasNext() {
    return cursor < log.last();
  }

  /** Number of the last event that {@link #next} has passed. */
  long cursor() {
    return cursor;
  }

  /** When the first step that {@link #next} has passed ended; NaN if it passed none. */
  double oldestStep() {
    return oldestStep;
  }

  /**
   * The next {@link RunEvent}s and {@link ThinnedSteps}, of one frame; maybe none, though there are
   * more to come.
   */
  List<Object> next() {
    List<Numbered> events = new ArrayList<>();
    long weight = 0;
    oldestStep = Double.NaN;
    while (hasNext()) {
      int track = log.trackOf(cursor + 1);
      long added = track >= 0 ? reaches[track].weight() : weightOfOther(cursor + 1);
      if (weight >= FRAME_LOSSES || (weight > 0 && weight + added > FRAME_LOSSES)) {
        break;
      }
      weight += added;
      cursor++;
      if (track >= 0) {
        weight += POINT_WEIGHT * reaches[track].take();
        double ended = reaches[track].ended();
        oldestStep = Double.isNaN(oldestStep) ? ended : Math.min(oldestStep, ended);
      } else if (!log.isMissing(cursor)) {
        pass(log.other(other++), events);
      }
    }
    for (Reach reach : reaches) {
      reach.end(events);
    }
    events.sort(Comparator.comparingLong(Numbered::seq));
    return events.stream().map(Numbered::event).toList();
  }

  private void pass(RunEvent event, List<Numbered> events) {
    for (Reach reach : reaches) {
      reach.passes(event, events);
    }
    if (looks || !isLook(event)) {
      events.add(new Numbered(event, event.seq()));
    }
  }

  private long weightOfOther(long seq) {
    return log.isMissing(seq) ? 0 : weight(log.other(other));
  }

  /** About how many losses take as much of a frame. */
  private int weight(RunEvent event) {
    if (isLook(event) && !looks) {
      return 0;
    }
    if (event instanceof Layers seen) {
      return LAYER_WEIGHT * seen.layers().size();
    }
    if (event instanceof Histograms histograms) {
      return LAYER_WEIGHT * histograms.counts().length;
    }
    return event instanceof EpochEnd ? EPOCH_WEIGHT : WEIGHT;
  }

  private static boolean isLook(RunEvent event) {
    return event instanceof Layers || event instanceof Histograms;
  }

  private record Numbered(Object event, long seq) {}

  /** How far it has come in one training's steps, and what of them is gathered. */
  private static final class Reach {
    private final Track track;

    /** Null if all losses are wanted. */
    private final Thinned thinned;

    private int next;

    /** The first event that is gathered; {@link #next} if none is. */
    private int gathered;

    /** The iterations that are gathered, if not all are. */
    private long[] points = {};

    private int count;

    Reach(Track track, long cursor, int most) {
      this.track = track;
      next = track.firstAfter(cursor);
      gathered = next;
      thinned = most == 0 ? null : new Thinned(track.losses(), track.from(next), most);
    }

    /** Losses that the next event brings, as far as that is known before. */
    long weight() {
      return thinned == null ? track.end(next) - track.from(next) + 1 : 0;
    }

    /**
     * Takes the next event.
     *
     * @return points that it has brought, if not all losses are wanted
     */
    int take() {
      int before = count;
      if (thinned != null) {
        thinned.until(track.end(next), this::gather);
      }
      next++;
      return count - before;
    }

    /** When the first step of the last event ended. */
    double ended() {
      return track.firstAt(next - 1);
    }

    private void gather(long iteration) {
      if (count == points.length) {
        points = Arrays.copyOf(points, Math.max(64, 2 * count));
      }
      points[count++] = iteration;
    }

    void passes(RunEvent event, List<Numbered> events) {
      boolean ofIt = !(event instanceof TrainingEvent of) || of.training().equals(track.training());
      if (thinned == null && ofIt && !(event instanceof Layers)) {
        end(events);
      }
    }

    /** Adds what is gathered, as one event. */
    void end(List<Numbered> events) {
      int last = next - 1;
      if (thinned == null && gathered < next) {
        long from = track.from(gathered);
        float[] losses = track.losses().copy(from, (int) (track.end(last) - from + 1));
        TrainingId of = track.training();
        events.add(
            new Numbered(
                new Steps(
                    track.seq(last), of.variant(), of.repeat(), from, losses, track.at(last), null),
                track.seq(last)));
      } else if (count > 0) {
        long[] iterations = Arrays.copyOf(points, count);
        float[] losses = new float[count];
        for (int i = 0; i < count; i++) {
          losses[i] = track.losses().get(iterations[i]);
        }
        events.add(
            new Numbered(
                new ThinnedSteps(track.seq(last), track.training(), iterations, losses),
                track.seq(last)));
      }
      gathered = next;
      count = 0;
    }
  }
}
