package dev.tandem.live;

import dev.tandem.run.Json;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.TrainingEvent;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All events of one run in memory, to be read from any number on. Losses are kept as numbers alone.
 * Not thread-safe, but what {@link #now} gives may be read by another thread while this one grows.
 */
final class RunLog implements Source {
  private static final byte MISSING = 0;
  private static final byte OTHER = 1;
  private static final int FIRST_TRACK = 2;

  /** What any run takes beside its events. */
  private static final int BASE_BYTES = 4096;

  private final List<Track> tracks = new ArrayList<>();
  private final Map<TrainingId, Integer> numbers = new LinkedHashMap<>();

  /** What each event is, by its number: {@link #MISSING}, {@link #OTHER}, or of which track. */
  private byte[] kinds = new byte[256];

  /** Events other than {@code steps}, in their order. */
  private RunEvent[] others = new RunEvent[16];

  private int otherCount;
  private long otherBytes;
  private Run run;
  private long last;
  private long greatest;

  /** Takes an event, or several that the store has put together; drops what it has already. */
  void append(Run after, RunEvent event) {
    run = after;
    if (event instanceof Steps steps) {
      append(steps);
    } else if (put(event.seq(), OTHER)) {
      if (otherCount == others.length) {
        others = Arrays.copyOf(others, 2 * otherCount);
      }
      others[otherCount++] = event;
      otherBytes += bytesOf(event);
    }
    while (last < greatest && kinds[(int) last] != MISSING) {
      last++;
    }
  }

  private void append(Steps steps) {
    int number = numbers.computeIfAbsent(steps.training(), this::newTrack);
    Track track = tracks.get(number);
    byte kind = (byte) (FIRST_TRACK + number);
    float[] losses = steps.losses();
    Steps.Parts parts = steps.parts();
    if (parts == null) {
      if (put(steps.seq(), kind)) {
        track.append(steps.seq(), losses, 0, losses.length, steps.at(), steps.firstAt());
      }
      return;
    }
    int from = 0;
    for (int i = 0; i < parts.seqs().length; i++) {
      int to = from + parts.counts()[i];
      double at = parts.ats()[i];
      if (put(parts.seqs()[i], kind)) {
        track.append(parts.seqs()[i], losses, from, to, at, at);
      }
      from = to;
    }
  }

  private int newTrack(TrainingId training) {
    tracks.add(new Track(training));
    return tracks.size() - 1;
  }

  /** Whether it is new. */
  private boolean put(long seq, byte kind) {
    int index = (int) seq - 1;
    if (index >= kinds.length) {
      kinds = Arrays.copyOf(kinds, Math.max(index + 1, kinds.length + kinds.length / 2));
    }
    if (kinds[index] != MISSING) {
      return false;
    }
    kinds[index] = kind;
    greatest = Math.max(greatest, seq);
    return true;
  }

  /** There is nothing more to come before the newest: what is still missing is nowhere. */
  void settle() {
    last = greatest;
  }

  /** As it is now, for reading alone: it shares what will not change any more. */
  RunLog now() {
    RunLog copy = new RunLog();
    tracks.forEach(track -> copy.tracks.add(track.now()));
    copy.numbers.putAll(numbers);
    copy.kinds = kinds;
    copy.others = others;
    copy.otherCount = otherCount;
    copy.run = run;
    copy.last = last;
    return copy;
  }

  /** The run as it is now. */
  Run run() {
    return run;
  }

  /** Number of the newest event up to which none is missing; 0 before the first. */
  @Override
  public long last() {
    return last;
  }

  /** About how much memory it takes. */
  long bytes() {
    long sum = BASE_BYTES + kinds.length + otherBytes;
    for (Track track : tracks) {
      sum += track.bytes();
    }
    return sum;
  }

  private static long bytesOf(RunEvent event) {
    if (event instanceof Layers seen) {
      return 64 + 120L * seen.layers().size();
    }
    if (event instanceof Histograms of) {
      long bytes = 128;
      for (int[] counts : of.counts()) {
        bytes += 24 + 4L * counts.length;
      }
      return bytes;
    }
    return 160;
  }

  Losses losses(TrainingId training) {
    Integer number = numbers.get(training);
    return number == null ? new Losses() : tracks.get(number).losses();
  }

  List<EpochEnd> epochs(TrainingId training) {
    return othersOf(EpochEnd.class, training);
  }

  List<Layers> layers(TrainingId training) {
    return othersOf(Layers.class, training);
  }

  private <T extends TrainingEvent> List<T> othersOf(Class<T> type, TrainingId training) {
    List<T> found = new ArrayList<>();
    for (int i = 0; i < otherCount; i++) {
      if (type.isInstance(others[i]) && type.cast(others[i]).training().equals(training)) {
        found.add(type.cast(others[i]));
      }
    }
    return found;
  }

  @Override
  public Frame after(long cursor) {
    EventReader reader = new EventReader(this, cursor, 0, true);
    List<Object> events = reader.next();
    return new Frame(Json.write(events), reader.cursor(), events.size(), reader.oldestStep());
  }

  // For its reader, which goes through it in the order of the numbers.

  List<Track> tracks() {
    return tracks;
  }

  /** Number of the track that has an event; below 0 if none has. */
  int trackOf(long seq) {
    return kinds[(int) seq - 1] - FIRST_TRACK;
  }

  boolean isMissing(long seq) {
    return kinds[(int) seq - 1] == MISSING;
  }

  RunEvent other(int index) {
    return others[index];
  }

  /** Index of the first event that isn't {@code steps} with a number above this one. */
  int firstOtherAfter(long seq) {
    int low = 0;
    int high = otherCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (others[middle].seq() <= seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
