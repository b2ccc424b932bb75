package dev.tandem.training;

import dev.tandem.data.DatasetException;
import dev.tandem.data.ExampleStore;
import dev.tandem.data.Examples;
import dev.tandem.data.Progress;
import dev.tandem.lens.Lens;
import dev.tandem.lens.LensPlan;
import dev.tandem.nn.ProductsAlone;
import dev.tandem.run.RunSettings;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.Variant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/** Trainings without a server around them, for benchmarks. */
public final class Trainings {
  private final Compute compute = Compute.start();
  private final ExampleStore examples;

  /**
   * @param folder with the full MNIST, if there is one
   */
  public Trainings(Optional<Path> folder) {
    examples =
        ExampleStore.of(
            folder,
            Path.of("target", "unused"),
            List.of(),
            () -> {
              throw new IllegalStateException("nothing is to be downloaded");
            });
  }

  /** Seconds of a training's steps and evaluations. */
  public record Times(double steps, double evaluations) {
    public double whole() {
      return steps + evaluations;
    }
  }

  /** Trains a variant by Tandem's step. */
  public Times step(RunSettings settings, Variant variant) throws Exception {
    ExampleStore.Sets sets = load(settings);
    TrainingPlan plan = plan(settings, variant);
    try (Trainee trainee = compute.trainee(plan, sets.training(), sets.test(), sets.classes())) {
      return train(trainee, plan);
    }
  }

  /** Trains a variant by DeepLearning4J's fit, with so many native threads. */
  public Times fit(RunSettings settings, Variant variant, int threads) throws Exception {
    ExampleStore.Sets sets = load(settings);
    TrainingPlan plan = plan(settings, variant);
    nativeThreads(threads);
    try (Trainee trainee =
        Trainee.create(Layout.FIT, plan, sets.training(), sets.test(), sets.classes())) {
      return train(trainee, plan);
    } finally {
      nativeThreads(1);
    }
  }

  /** Trains all variants side by side, a thread each; seconds to the end of the last. */
  public double sideBySide(RunSettings settings) throws Exception {
    ExampleStore.Sets sets = load(settings);
    int count = settings.variants().size();
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CountDownLatch ready = new CountDownLatch(count);
    try {
      List<Future<Times>> trainings =
          settings.variants().stream()
              .map(
                  variant ->
                      threads.submit(
                          () -> {
                            TrainingPlan plan = plan(settings, variant);
                            try (Trainee trainee =
                                compute.trainee(
                                    plan, sets.training(), sets.test(), sets.classes())) {
                              ready.countDown();
                              ready.await();
                              return train(trainee, plan);
                            }
                          }))
              .toList();
      double slowest = 0;
      for (Future<Times> training : trainings) {
        slowest = Math.max(slowest, training.get().whole());
      }
      return slowest;
    } finally {
      threads.shutdown();
    }
  }

  /**
   * Seconds that the matrix products of an epoch's steps take alone, in memory laid out as in a
   * training.
   */
  public double products(RunSettings settings) throws Exception {
    ExampleStore.Sets sets = load(settings);
    List<Integer> units = new ArrayList<>(settings.network().hiddenLayers());
    units.add(0, sets.training().inputs());
    units.add(sets.classes());
    return ProductsAlone.seconds(
        units, settings.data().trainingExamples(), settings.schedule().batchSize());
  }

  /** Writes the examples as plain numbers: images as 32-bit floats, labels as bytes. */
  public void write(RunSettings settings, Path folder) throws Exception {
    Files.createDirectories(folder);
    ExampleStore.Sets sets = load(settings);
    write(sets.training(), folder, "train");
    write(sets.test(), folder, "test");
  }

  private static void write(Examples examples, Path folder, String name) throws IOException {
    int count = examples.size() * examples.inputs();
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.nativeOrder());
    FloatBuffer floats = bytes.asFloatBuffer();
    for (float[] example : examples.features()) {
      floats.put(example);
    }
    Files.write(folder.resolve(name + "-x"), bytes.array());
    Files.write(folder.resolve(name + "-y"), Arrays.copyOf(examples.labels(), examples.size()));
  }

  private static TrainingPlan plan(RunSettings settings, Variant variant) {
    return settings.plan(new TrainingId(variant.name(), 1));
  }

  private static Times train(Trainee trainee, TrainingPlan plan) {
    BatchOrder order = new BatchOrder(plan.seed(), plan.data().trainingExamples());
    LensPlan looks = LensPlan.of(plan);
    long iteration = 0;
    long steps = 0;
    long evaluations = 0;
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      long started = System.nanoTime();
      int[] rows = order.next();
      for (int from = 0; from < rows.length; from += plan.batchSize()) {
        int count = Math.min(plan.batchSize(), rows.length - from);
        if (looks.hasIteration(++iteration)) {
          trainee.watchedStep(rows, from, count);
          trainee.learner().lens().ifPresent(Lens::samples);
        } else {
          trainee.step(rows, from, count);
        }
      }
      long stepped = System.nanoTime();
      trainee.evaluation().score();
      if (looks.hasEpoch(epoch + 1)) {
        trainee.learner().lens().ifPresent(Lens::histograms);
      }
      steps += stepped - started;
      evaluations += System.nanoTime() - stepped;
    }
    return new Times(steps / 1e9, evaluations / 1e9);
  }

  private ExampleStore.Sets load(RunSettings settings) throws DatasetException {
    return examples.load(settings.data(), new Unheard());
  }

  private static void nativeThreads(int count) {
    Nd4j.getEnvironment().setMaxThreads(count);
    openblas.blas_set_num_threads(count);
  }

  private static final class Unheard implements Progress {
    @Override
    public void message(String text) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }
}
