package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run is to do: settings that all variants share, and the variants. Each field's own bounds
 * are in {@code run-request.schema.json}; {@link #faults()} holds the rules between fields.
 *
 * @param dataset name of the dataset, as in {@link DatasetInfo}
 * @param trainingExamples the first so many images of the training set
 * @param testExamples the first so many images of the test set
 * @param epochs passes over the training set
 * @param batchSize examples in a mini-batch; an epoch's last one may be smaller
 * @param learningRate of the Adam optimizer
 * @param hiddenLayers units of each hidden layer, from input to output
 * @param seed fixes the initial weights and the order of batches
 * @param variants two or more networks to train side by side
 * @param repeats how often each variant is trained: with this seed, the next one, and so on
 * @param lens whether to look into the hidden layers while they learn
 * @param trainModeTest whether to test with the statistics of test batches too, as a network left
 *     in train mode would
 * @param iterationsPerSecond at most so many of each training, so that it can be watched; null for
 *     as fast as it goes
 * @param classes of the dataset, which the network tells apart; not said in JSON where there are
 *     ten, as everywhere before there were other datasets than MNIST
 */
public record RunSettings(
    String dataset,
    int trainingExamples,
    int testExamples,
    int epochs,
    int batchSize,
    double learningRate,
    List<Integer> hiddenLayers,
    long seed,
    List<Variant> variants,
    int repeats,
    boolean lens,
    boolean trainModeTest,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double iterationsPerSecond,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DatasetInfo.AsManyAsDigits.class)
        int classes) {

  /** Most iterations of one training: each keeps its loss in memory. */
  static final long MAX_ITERATIONS = 1_000_000;

  /** Most iterations of all trainings of a run together, for the same reason. */
  static final long MAX_RUN_ITERATIONS = 4_000_000;

  /** Most weights and biases of one network: with its gradient and optimizer state, some 160 MB. */
  static final long MAX_PARAMETERS = 10_000_000;

  /** Most parameters × examples seen by one training: about a day on one slow core. */
  static final double MAX_WORK = 1e14;

  /** Most trainings of one variant, as the schema has it. */
  public static final int MAX_REPEATS = 20;

  public RunSettings {
    hiddenLayers = List.copyOf(hiddenLayers);
    variants = List.copyOf(variants);
    // Runs of before there were repeats don't say it.
    repeats = Math.max(1, repeats);
    classes = classes == 0 ? DatasetInfo.DIGITS.size() : classes;
  }

  /** Of a dataset with ten classes. */
  public RunSettings(
      String dataset,
      int trainingExamples,
      int testExamples,
      int epochs,
      int batchSize,
      double learningRate,
      List<Integer> hiddenLayers,
      long seed,
      List<Variant> variants,
      int repeats,
      boolean lens,
      boolean trainModeTest,
      Double iterationsPerSecond) {
    this(
        dataset,
        trainingExamples,
        testExamples,
        epochs,
        batchSize,
        learningRate,
        hiddenLayers,
        seed,
        variants,
        repeats,
        lens,
        trainModeTest,
        iterationsPerSecond,
        DatasetInfo.DIGITS.size());
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
        dataset,
        trainingExamples,
        testExamples,
        epochs,
        batchSize,
        learningRate,
        hiddenLayers,
        seed,
        variants,
        1,
        false,
        false,
        null);
  }

  /** The seed of a repeat, which all variants share. */
  public long seedOf(int repeat) {
    return seed + repeat - 1;
  }

  /** What one repeat alone is to do. */
  public RunSettings ofRepeat(int repeat) {
    return new RunSettings(
        dataset,
        trainingExamples,
        testExamples,
        epochs,
        batchSize,
        learningRate,
        hiddenLayers,
        seedOf(repeat),
        variants,
        1,
        lens,
        trainModeTest,
        iterationsPerSecond,
        classes);
  }

  /** The same at another pace. */
  RunSettings paced(Double perSecond) {
    return new RunSettings(
        dataset,
        trainingExamples,
        testExamples,
        epochs,
        batchSize,
        learningRate,
        hiddenLayers,
        seed,
        variants,
        repeats,
        lens,
        trainModeTest,
        perSecond,
        classes);
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
    return (trainingExamples + batchSize - 1) / batchSize;
  }

  /** Mini-batches in one whole training. */
  public long iterations() {
    return (long) iterationsPerEpoch() * epochs;
  }

  /** Examples that a training has learnt from after so many iterations. */
  public long examplesAfter(long iterations) {
    long inEpoch = iterations % iterationsPerEpoch() * batchSize;
    return iterations / iterationsPerEpoch() * trainingExamples
        + Math.min(inEpoch, trainingExamples);
  }

  /** The learning rate that a variant is trained with. */
  public double learningRateOf(Variant variant) {
    return variant.learningRate() == null ? learningRate : variant.learningRate();
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
    if (batchSize == 1 || trainingExamples == 1) {
      faults.put(
          batchSize == 1 ? "batchSize" : "trainingExamples",
          "must be at least 2: batch normalization can't normalize a batch of one");
    } else if (trainingExamples % batchSize == 1) {
      faults.put(
          "batchSize",
          "leaves one example for the last batch of an epoch (%,d = %,d × %,d + 1), and batch normalization can't normalize a batch of one"
              .formatted(trainingExamples, trainingExamples / batchSize, batchSize));
    }
  }

  private void bounds(Map<String, String> faults) {
    if (iterations() > MAX_ITERATIONS) {
      faults.put(
          "epochs",
          "asks for %,d iterations with this batch size; at most %,d are possible"
              .formatted(iterations(), MAX_ITERATIONS));
    } else if (iterations() * variants.size() * repeats > MAX_RUN_ITERATIONS) {
      faults.put(
          "repeats",
          "make %,d iterations over all trainings; at most %,d are possible"
              .formatted(iterations() * variants.size() * repeats, MAX_RUN_ITERATIONS));
    }
    long parameters = parameters();
    if (parameters > MAX_PARAMETERS) {
      faults.put(
          "hiddenLayers",
          "make a network of %,d parameters; at most %,d are possible"
              .formatted(parameters, MAX_PARAMETERS));
    } else if ((double) parameters * trainingExamples * epochs > MAX_WORK) {
      faults.putIfAbsent(
          "epochs",
          "is too many for a network of %,d parameters and %,d examples; at most %,d are possible"
              .formatted(
                  parameters, trainingExamples, (long) (MAX_WORK / parameters / trainingExamples)));
    }
  }

  private long parameters() {
    long count = 0;
    long inputs = DatasetInfo.PIXELS;
    for (int units : hiddenLayers) {
      count += (inputs + 1) * units;
      inputs = units;
    }
    return count + (inputs + 1) * classes;
  }
}
