package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run is to do: settings that all variants share, and the variants. In JSON they are one
 * flat object. Each field's own bounds are in {@code run-request.schema.json}; {@link #faults()}
 * holds the rules between fields.
 *
 * @param variants two or more networks to train side by side
 */
@JsonDeserialize(using = RunSettings.Reader.class)
public record RunSettings(
    @JsonUnwrapped DataSettings data,
    @JsonUnwrapped NetworkSettings network,
    @JsonUnwrapped OptimizerSettings optimizer,
    @JsonUnwrapped Schedule schedule,
    @JsonUnwrapped Watching watching,
    List<Variant> variants) {

  /** Most iterations of one training: each keeps its loss in memory. */
  static final long MAX_ITERATIONS = 1_000_000;

  /** Most iterations of all trainings of a run together, for the same reason. */
  static final long MAX_RUN_ITERATIONS = 4_000_000;

  /** Most weights and biases of one network; if there is memory for it, those who train say. */
  static final long MAX_PARAMETERS = 10_000_000;

  /** Most parameters × examples seen by one training: about a day on one slow core. */
  static final double MAX_WORK = 1e14;

  /** Most trainings of one variant, as the schema has it. */
  public static final int MAX_REPEATS = 20;

  public RunSettings {
    variants = List.copyOf(variants);
  }

  /** Settings of one repeat, at full speed, with nothing but losses and tests to be told. */
  public RunSettings(
      String dataset,
      int trainingExamples,
      int testExamples,
      int epochs,
      int batchSize,
      double learningRate,
      List<Integer> hiddenLayers,
      long seed,
      List<Variant> variants) {
    this(
        new DataSettings(dataset, trainingExamples, testExamples),
        new NetworkSettings(hiddenLayers),
        new OptimizerSettings(learningRate),
        new Schedule(batchSize, epochs, seed, 1, null),
        Watching.NOTHING,
        variants);
  }

  /** From flat JSON, of runs of before some field was there too: what it doesn't say is default. */
  private static RunSettings read(ObjectNode said) {
    ObjectNode flat = RunSchema.defaults();
    // Runs of before there was a lens don't say it, and were not looked into.
    flat.put("lens", false);
    flat.setAll(said);
    return new RunSettings(
        Json.part(flat, DataSettings.class),
        Json.part(flat, NetworkSettings.class),
        Json.part(flat, OptimizerSettings.class),
        Json.part(flat, Schedule.class),
        Json.part(flat, Watching.class),
        Json.part(flat, Variants.class).variants());
  }

  /** What a run does of which nothing is said. */
  public static RunSettings defaults() {
    return read(RunSchema.defaults());
  }

  private record Variants(List<Variant> variants) {}

  /** What one repeat alone is to do. */
  public RunSettings ofRepeat(int repeat) {
    return with(schedule.ofRepeat(repeat));
  }

  /** The same at another pace. */
  public RunSettings paced(Double perSecond) {
    return with(schedule.paced(perSecond));
  }

  /** The same with other things to be seen. */
  public RunSettings with(Watching other) {
    return new RunSettings(data, network, optimizer, schedule, other, variants);
  }

  private RunSettings with(Schedule other) {
    return new RunSettings(data, network, optimizer, other, watching, variants);
  }

  public String dataset() {
    return data.dataset();
  }

  public int trainingExamples() {
    return data.trainingExamples();
  }

  public int testExamples() {
    return data.testExamples();
  }

  public int classes() {
    return data.classes();
  }

  public int epochs() {
    return schedule.epochs();
  }

  public int batchSize() {
    return schedule.batchSize();
  }

  public List<Integer> hiddenLayers() {
    return network.hiddenLayers();
  }

  public long seed() {
    return schedule.seed();
  }

  public int repeats() {
    return schedule.repeats();
  }

  public boolean lens() {
    return watching.lens();
  }

  public boolean trainModeTest() {
    return watching.trainModeTest();
  }

  public Double iterationsPerSecond() {
    return schedule.iterationsPerSecond();
  }

  /** A variant by its name. */
  public Variant variant(String name) {
    return variants.stream()
        .filter(variant -> variant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no variant " + name));
  }

  /** Mini-batches in one epoch, the smaller last one included. */
  public int iterationsPerEpoch() {
    return (trainingExamples() + batchSize() - 1) / batchSize();
  }

  /** Mini-batches in one whole training. */
  public long iterations() {
    return (long) iterationsPerEpoch() * epochs();
  }

  /** Examples that a training has learnt from after so many iterations. */
  public long examplesAfter(long iterations) {
    long inEpoch = iterations % iterationsPerEpoch() * batchSize();
    return iterations / iterationsPerEpoch() * trainingExamples()
        + Math.min(inEpoch, trainingExamples());
  }

  /** The learning rate that a variant is trained with. */
  public double learningRateOf(Variant variant) {
    return variant.learningRate() == null ? optimizer.learningRate() : variant.learningRate();
  }

  /**
   * What is wrong between fields that are each in their bounds.
   *
   * @return messages by the field where each is best mended; empty if there is nothing wrong
   */
  public Map<String, String> faults() {
    Map<String, String> faults = new TreeMap<>();
    duplicateNames(faults);
    batchOfOne(faults);
    bounds(faults);
    return faults;
  }

  private void duplicateNames(Map<String, String> faults) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < variants.size(); i++) {
      Integer other = first.putIfAbsent(variants.get(i).name(), i);
      if (other != null) {
        faults.put(
            "variants[" + i + "].name",
            "is \"%s\" like that of variant %d; give each variant a name of its own"
                .formatted(variants.get(i).name(), other + 1));
      }
    }
  }

  private void batchOfOne(Map<String, String> faults) {
    boolean needsTwo = variants.stream().anyMatch(v -> v.normalization().needsTwoExamples());
    if (!needsTwo) {
      return;
    }
    if (batchSize() == 1 || trainingExamples() == 1) {
      faults.put(
          batchSize() == 1 ? "batchSize" : "trainingExamples",
          "must be at least 2: batch normalization can't normalize a batch of one");
    } else if (trainingExamples() % batchSize() == 1) {
      faults.put(
          "batchSize",
          "leaves one example for the last batch of an epoch (%,d = %,d × %,d + 1), and batch normalization can't normalize a batch of one"
              .formatted(trainingExamples(), trainingExamples() / batchSize(), batchSize()));
    }
  }

  private void bounds(Map<String, String> faults) {
    if (iterations() > MAX_ITERATIONS) {
      faults.put(
          "epochs",
          "asks for %,d iterations with this batch size; at most %,d are possible"
              .formatted(iterations(), MAX_ITERATIONS));
    } else if (iterations() * variants.size() * repeats() > MAX_RUN_ITERATIONS) {
      faults.put(
          "repeats",
          "make %,d iterations over all trainings; at most %,d are possible"
              .formatted(iterations() * variants.size() * repeats(), MAX_RUN_ITERATIONS));
    }
    long parameters = parameters();
    if (parameters > MAX_PARAMETERS) {
      faults.put(
          "hiddenLayers",
          "make a network of %,d parameters; at most %,d are possible"
              .formatted(parameters, MAX_PARAMETERS));
    } else if ((double) parameters * trainingExamples() * epochs() > MAX_WORK) {
      faults.putIfAbsent(
          "epochs",
          "is too many for a network of %,d parameters and %,d examples; at most %,d are possible"
              .formatted(
                  parameters,
                  trainingExamples(),
                  (long) (MAX_WORK / parameters / trainingExamples())));
    }
  }

  private long parameters() {
    long count = 0;
    long inputs = DatasetInfo.PIXELS;
    for (int units : hiddenLayers()) {
      count += (inputs + 1) * units;
      inputs = units;
    }
    return count + (inputs + 1) * data.classes();
  }

  /** Jackson writes unwrapped records, but reads none. */
  static final class Reader extends JsonDeserializer<RunSettings> {
    @Override
    public RunSettings deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return read(in.<ObjectNode>readValueAsTree());
    }
  }
}
