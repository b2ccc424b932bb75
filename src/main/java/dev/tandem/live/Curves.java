package dev.tandem.live;

import dev.tandem.run.RunSettings;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingId;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A run's curves as CSV, a piece at a time: a row for each iteration of each training, test figures
 * in the row of an epoch's last iteration. A loss that isn't finite is {@code NaN}. For one thread.
 */
final class Curves implements Iterator<String> {
  private static final int ROWS = 2000;

  private final RunLog log;
  private final List<Training> trainings;
  private final boolean trainMode;
  private final boolean repeated;
  private int training;
  private Losses losses;
  private List<EpochEnd> ends;
  private int perEpoch;
  private long iteration;
  private boolean headed;

  /**
   * @param log does not grow meanwhile
   */
  Curves(RunLog log) {
    this.log = log;
    this.trainings = log.run().trainings();
    RunSettings settings = log.run().settings();
    this.trainMode = settings.watching().trainModeTest();
    this.repeated = settings.schedule().repeats() > 1;
  }

  @Override
  public boolean hasNext() {
    return !headed || hasRow();
  }

  private boolean hasRow() {
    while (training < trainings.size()) {
      if (losses == null) {
        losses = log.losses(id());
        ends = log.epochs(id());
        perEpoch = log.run().settings().plan(id()).iterationsPerEpoch();
      }
      if (iteration < losses.size()) {
        return true;
      }
      training++;
      losses = null;
      iteration = 0;
    }
    return false;
  }

  /** The next rows, each ended by a line break. */
  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    StringBuilder rows = new StringBuilder();
    if (!headed) {
      rows.append("variant,iteration,epoch,train_loss,test_loss,test_accuracy");
      rows.append(trainMode ? ",test_accuracy_train_mode" : "");
      rows.append(repeated ? ",repeat\n" : "\n");
      headed = true;
    }
    for (int i = 0; i < ROWS && hasRow(); i++) {
      row(rows, ++iteration);
    }
    return rows.toString();
  }

  private void row(StringBuilder rows, long at) {
    int epoch = (int) ((at - 1) / perEpoch) + 1;
    float loss = losses.get(at);
    rows.append(Csv.cell(id().variant()))
        .append(',')
        .append(at)
        .append(',')
        .append(epoch)
        .append(',');
    rows.append(Float.isFinite(loss) ? Float.toString(loss) : "NaN").append(',');
    EpochEnd end = at % perEpoch == 0 && epoch <= ends.size() ? ends.get(epoch - 1) : null;
    if (end == null) {
      rows.append(',');
    } else {
      rows.append(end.testLoss()).append(',').append(end.testAccuracy());
    }
    if (trainMode) {
      rows.append(',');
      if (end != null && end.trainModeTestAccuracy() != null) {
        rows.append(end.trainModeTestAccuracy());
      }
    }
    if (repeated) {
      rows.append(',').append(id().repeat());
    }
    rows.append('\n');
  }

  private TrainingId id() {
    return trainings.get(training).id();
  }
}
