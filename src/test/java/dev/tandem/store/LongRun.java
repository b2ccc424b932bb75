package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A completed run with losses that nobody has computed, written as the store keeps it. */
public final class LongRun {
  public static final String ID = "20260101-000000-000-long";
  private static final int BATCH = 2000;

  private LongRun() {}

  /**
   * Writes it into the database of a data directory.
   *
   * @param variants each with 1,000 epochs of 1,000 iterations
   */
  public static void write(Path dataDir, int variants) throws Exception {
    List<Variant> all = new ArrayList<>();
    for (int i = 0; i < variants; i++) {
      all.add(new Variant("v" + i, Map.of("normalization", Normalization.NONE)));
    }
    write(
        dataDir,
        ID,
        new SettingsBuilder()
            .data(1000, 10)
            .epochs(1000)
            .batchSize(1)
            .learningRate(0.1)
            .hiddenLayers(List.of(4))
            .seed(1)
            .variants(all)
            .build());
  }

  public static void write(Path dataDir, String id, RunSettings settings) throws Exception {
    try (Database database = Database.open(dataDir, Optional.empty())) {
      Writer writer = new Writer(new RunStore(database), started(id, settings));
      writer.add(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH));
      for (int epoch = 1; epoch <= settings.schedule().epochs(); epoch++) {
        for (Variant variant : settings.variants()) {
          int perEpoch = settings.plan(new TrainingId(variant.name(), 1)).iterationsPerEpoch();
          long from = (long) (epoch - 1) * perEpoch + 1;
          float[] losses = new float[perEpoch];
          for (int i = 0; i < perEpoch; i++) {
            losses[i] = loss(variant.name(), from + i);
          }
          writer.add(new Steps(0, variant.name(), 1, from, losses, 1000.0 * epoch, null));
          writer.add(
              new EpochEnd(
                  0, variant.name(), 1, epoch, from + perEpoch - 1, 1, 0.5, 1, 0.5, epoch, 1000));
        }
      }
      for (Variant variant : settings.variants()) {
        writer.add(new TrainingChange(0, variant.name(), 1, TrainingStatus.COMPLETED, null));
      }
      writer.add(new RunChange(0, RunStatus.COMPLETED, Instant.EPOCH));
      writer.flush();
    }
  }

  /** What a variant's loss is at an iteration. */
  public static float loss(String variant, long iteration) {
    long mixed = (iteration * 0x9E3779B97F4A7C15L + variant.hashCode()) * 0xBF58476D1CE4E5B9L;
    float noise = (mixed >>> 40) / (float) (1 << 24);
    return (float) (2.3 / Math.sqrt(iteration)) + 0.1f * noise;
  }

  private static Run started(String id, RunSettings settings) {
    List<Training> trainings = new ArrayList<>();
    for (Variant variant : settings.variants()) {
      trainings.add(
          new Training(
              variant.name(), 1, TrainingStatus.RUNNING, 0, 0, null, null, null, null, null));
    }
    return new Run(
        id, RunStatus.QUEUED, Instant.EPOCH, null, null, null, null, settings, trainings);
  }

  /** Numbers events and keeps them in batches. */
  private static final class Writer {
    private final RunStore store;
    private final List<BusMessage.Happened> news = new ArrayList<>();
    private Run run;
    private long seq;

    Writer(RunStore store, Run run) {
      this.store = store;
      this.run = run;
    }

    void add(RunEvent event) throws Exception {
      RunEvent numbered = event.numbered(++seq);
      run = run.after(numbered);
      news.add(new BusMessage.Happened(run, numbered));
      if (news.size() == BATCH) {
        flush();
      }
    }

    void flush() throws Exception {
      store.append(news);
      news.clear();
    }
  }
}
