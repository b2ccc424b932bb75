package dev.tandem.live;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.run.Json;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingId;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The smoothed losses of a run's trainings as JSON, in pieces. Every loss is smoothed, then the
 * line is thinned: of each {@code stride} iterations, counted from the first, it has the least, the
 * greatest and the last smoothed loss, and the last one of all. A training of fewer iterations may
 * have a smaller stride; the answer's own is the greatest. For one thread.
 */
final class SmoothedLines implements Iterator<String> {
  private static final int SLOTS = 3;

  private final RunLog log;
  private final List<Training> trainings;
  private final double weight;
  private final int points;
  private int training;
  private Smoothing smoothing;
  private boolean begun;
  private boolean ended;
  private boolean some;

  /**
   * @param log does not grow meanwhile
   * @param weight of what was before, 0 up to 1
   * @param points at most so many of each training, {@value #SLOTS} or more
   */
  SmoothedLines(RunLog log, double weight, int points) {
    this.log = log;
    this.trainings = log.run().trainings();
    this.weight = weight;
    this.points = points;
  }

  /** Of the iterations that are planned, so that the places stay while a run goes on. */
  private long stride(TrainingId training) {
    long iterations = log.run().settings().plan(training).iterations();
    if (iterations <= points) {
      return 1;
    }
    int buckets = points / SLOTS;
    return (iterations + buckets - 1) / buckets;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public String next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    StringBuilder json = new StringBuilder();
    if (!begun) {
      begun = true;
      json.append("{\"weight\":").append(weight);
      long stride = trainings.stream().mapToLong(of -> stride(of.id())).max().orElse(1);
      json.append(",\"stride\":").append(stride);
      json.append(",\"lines\":[");
    }
    Line line = line();
    if (line != null) {
      json.append(some ? "," : "").append(Json.text(line));
      some = true;
    } else {
      ended = true;
      json.append("]}");
    }
    return json.toString();
  }

  /** The next part of a line; null after the last. */
  private Line line() {
    while (training < trainings.size()) {
      TrainingId id = trainings.get(training).id();
      if (smoothing == null) {
        smoothing = new Smoothing(log.losses(id), weight, stride(id));
      }
      Line line = smoothing.next(id, EventReader.FRAME_LOSSES / 2);
      if (line != null) {
        return line;
      }
      smoothing = null;
      training++;
    }
    return null;
  }

  /**
   * @param iterations counted from 1, rising
   */
  private record Line(
      String variant,
      int repeat,
      long stride,
      int[] iterations,
      @JsonProperty("losses") float[] smoothed) {}

  /**
   * Debiased exponential moving average of every loss: with s = w·s + (1 − w)·x it is s / (1 − wⁿ).
   * What isn't finite is passed over; w is then raised to the distance.
   */
  private static final class Smoothing {
    private final Losses losses;
    private final double weight;
    private final long stride;
    private long iteration;
    private long previous;
    private double sum;
    private double mass;

    Smoothing(Losses losses, double weight, long stride) {
      this.losses = losses;
      this.weight = weight;
      this.stride = stride;
    }

    /** The next points, about so many; null after the last. */
    Line next(TrainingId id, int most) {
      if (iteration == losses.size()) {
        return null;
      }
      int[] iterations = new int[most + SLOTS];
      float[] values = new float[most + SLOTS];
      int count = 0;
      while (iteration < losses.size() && count < most) {
        count = bucket(iterations, values, count);
      }
      return new Line(
          id.variant(),
          id.repeat(),
          stride,
          Arrays.copyOf(iterations, count),
          Arrays.copyOf(values, count));
    }

    /** Goes on to the next multiple of the stride, or to the end. */
    private int bucket(int[] iterations, float[] values, int from) {
      long end = Math.min(losses.size(), iteration + stride);
      long least = 0;
      long greatest = 0;
      long last = 0;
      double low = 0;
      double high = 0;
      double value = 0;
      while (iteration < end) {
        float loss = losses.get(++iteration);
        if (!Float.isFinite(loss)) {
          continue;
        }
        double kept = iteration == previous + 1 ? weight : Math.pow(weight, iteration - previous);
        previous = iteration;
        sum = kept * sum + (1 - kept) * loss;
        mass = kept * mass + (1 - kept);
        value = sum / mass;
        last = iteration;
        if (least == 0 || value < low) {
          least = iteration;
          low = value;
        }
        if (greatest == 0 || value > high) {
          greatest = iteration;
          high = value;
        }
      }
      if (last == 0) {
        return from;
      }
      int count = from;
      boolean lowFirst = least < greatest;
      count = put(iterations, values, count, Math.min(least, greatest), lowFirst ? low : high);
      count = put(iterations, values, count, Math.max(least, greatest), lowFirst ? high : low);
      return put(iterations, values, count, last, value);
    }

    private static int put(int[] iterations, float[] values, int count, long at, double value) {
      if (count > 0 && iterations[count - 1] == at) {
        return count;
      }
      iterations[count] = (int) at;
      values[count] = (float) value;
      return count + 1;
    }
  }
}
