package dev.tandem.run;

import java.util.List;

/** Settings of small runs, by what a test cares about: a perceptron on MNIST that Adam trains. */
public final class SettingsBuilder {
  private DataSettings data = new DataSettings(DatasetInfo.MNIST, 100, 10);
  private List<Integer> hiddenLayers = List.of(4);
  private OptimizerSettings optimizer = OptimizerSettings.adam(0.001);
  private int batchSize = 10;
  private int epochs = 1;
  private long seed = 1;
  private int repeats = 1;
  private Double iterationsPerSecond;
  private Watching watching = Watching.NOTHING;
  private List<Variant> variants = List.of(Variant.of(Normalization.NONE));

  public SettingsBuilder data(int training, int test) {
    return data(new DataSettings(DatasetInfo.MNIST, training, test));
  }

  public SettingsBuilder data(DataSettings of) {
    data = of;
    return this;
  }

  public SettingsBuilder epochs(int count) {
    epochs = count;
    return this;
  }

  public SettingsBuilder batchSize(int examples) {
    batchSize = examples;
    return this;
  }

  public SettingsBuilder learningRate(double rate) {
    return optimizer(OptimizerSettings.adam(rate));
  }

  public SettingsBuilder optimizer(OptimizerSettings of) {
    optimizer = of;
    return this;
  }

  public SettingsBuilder hiddenLayers(List<Integer> units) {
    hiddenLayers = units;
    return this;
  }

  public SettingsBuilder seed(long of) {
    seed = of;
    return this;
  }

  public SettingsBuilder repeats(int count) {
    repeats = count;
    return this;
  }

  public SettingsBuilder iterationsPerSecond(Double pace) {
    iterationsPerSecond = pace;
    return this;
  }

  public SettingsBuilder lens() {
    watching = new Watching(true, watching.trainModeTest());
    return this;
  }

  public SettingsBuilder trainModeTest(boolean tested) {
    watching = new Watching(watching.lens(), tested);
    return this;
  }

  public SettingsBuilder variants(List<Variant> of) {
    variants = of;
    return this;
  }

  public RunSettings build() {
    return new RunSettings(
        data,
        NetworkSettings.mlp(hiddenLayers, Normalization.NONE),
        optimizer,
        new Schedule(batchSize, epochs, seed, repeats, iterationsPerSecond),
        watching,
        variants);
  }

  /** What the first variant's first training is to do. */
  public TrainingPlan plan() {
    RunSettings settings = build();
    return settings.plan(settings.variants().get(0), 1);
  }
}
