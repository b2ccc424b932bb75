package dev.tandem.training;

import dev.tandem.data.Dataset;
import dev.tandem.data.DatasetException;
import dev.tandem.data.ExampleStore;
import dev.tandem.data.Examples;
import dev.tandem.data.LabeledImages;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessage.Ask;
import dev.tandem.run.BusMessage.ForTraining;
import dev.tandem.run.BusMessage.Images;
import dev.tandem.run.BusMessage.Kept;
import dev.tandem.run.BusMessage.ReadImages;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.BusMessage.TestAnswers;
import dev.tandem.run.DatasetInfo;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what viewers ask of networks: one in training through its own thread ({@link Questions}),
 * one that has completed through its stored model. All that blocks runs on one worker thread, one
 * after the other; at most {@value #WAITING} things wait for it. Belongs to the event loop of its
 * verticle.
 */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final int WAITING = 64;

  private static final String BUSY = "The server is busy with other questions. Ask again.";

  /** Trainings whose test answers are remembered: a byte a test image. */
  private static final int REMEMBERED = 64;

  /** Networks that nobody has asked for so long let go of their memory. */
  private static final long IDLE_MILLIS = 60_000;

  private final Vertx vertx;
  private final ExampleStore examples;
  private final BiFunction<String, TrainingId, Optional<Job>> jobs;
  private final Supplier<Future<Compute>> compute;
  private final WorkerExecutor worker;

  /** Used on the worker's thread alone. */
  private final Restored restored = new Restored();

  /** Test answers of trainings that have ended, the longest unused first. */
  private final Map<ForTraining, TestAnswers> tested =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ForTraining, TestAnswers> eldest) {
          return size() > REMEMBERED;
        }
      };

  private int waiting;
  private boolean used;

  /**
   * @param jobs the trainings that have not ended
   * @param compute what the networks run on
   */
  Answers(
      Vertx vertx,
      ExampleStore examples,
      BiFunction<String, TrainingId, Optional<Job>> jobs,
      Supplier<Future<Compute>> compute) {
    this.vertx = vertx;
    this.examples = examples;
    this.jobs = jobs;
    this.compute = compute;
    worker = vertx.createSharedWorkerExecutor("tandem-answers", 1);
  }

  Future<?> start() {
    vertx.setPeriodic(IDLE_MILLIS, timer -> letGoOfIdle());
    var bus = vertx.eventBus();
    return Future.all(
        bus.<Ask>consumer(Addresses.TRAINING_ASK, request -> reply(request, seen(request.body())))
            .completion(),
        bus.<ForTraining>consumer(
                Addresses.TRAINING_TESTED, request -> reply(request, tested(request.body())))
            .completion(),
        bus.<ReadImages>consumer(
                Addresses.TRAINING_IMAGES, request -> reply(request, images(request.body())))
            .completion(),
        bus.<BusMessage>consumer(Addresses.EVENTS, news -> heard(news.body())).completion());
  }

  Future<?> stop() {
    return worker.executeBlocking(
        () -> {
          restored.close();
          return null;
        });
  }

  private static void reply(Message<?> request, Future<? extends BusMessage> answer) {
    answer
        .onSuccess(request::reply)
        .onFailure(
            failure -> {
              LOG.error("{}: {}", request.address(), request.body(), failure);
              request.fail(-1, String.valueOf(failure.getMessage()));
            });
  }

  /** A training has ended, however: what it last took the test images for stays known. */
  void ended(Job job) {
    TestAnswers last = job.questions().tested();
    if (last.predicted() != null) {
      tested.put(new ForTraining(job.start().runId(), job.start().training()), last);
    }
  }

  private void heard(BusMessage news) {
    if (news instanceof BusMessage.Removed removed) {
      tested.keySet().removeIf(of -> of.runId().equals(removed.runId()));
      worker.executeBlocking(
          () -> {
            restored.remove(removed.runId());
            return null;
          });
    }
  }

  private void letGoOfIdle() {
    if (!used) {
      worker.executeBlocking(
          () -> {
            restored.close();
            return null;
          });
    }
    used = false;
  }

  // ---- what a network sees -----------------------------------------------------------------

  private Future<Seen> seen(Ask ask) {
    byte[] pixels = ask.pixels();
    int count = pixels.length / DatasetInfo.PIXELS;
    Examples images = Examples.of(pixels, new byte[count], count, DatasetInfo.PIXELS);
    return jobs.apply(ask.runId(), ask.training())
        .map(job -> fromTraining(job.questions().ask(images)))
        .orElse(Future.succeededFuture(Optional.empty()))
        .compose(
            live -> live.map(Future::succeededFuture).orElseGet(() -> seenByTrained(ask, images)));
  }

  /** The training's thread completes it; what follows is for the event loop. */
  private <T> Future<T> fromTraining(CompletableFuture<T> answer) {
    return Future.fromCompletionStage(answer, vertx.getOrCreateContext());
  }

  private Future<Seen> seenByTrained(Ask ask, Examples images) {
    if (isBusy()) {
      return Future.succeededFuture(Seen.unavailable(BUSY));
    }
    used = true;
    return blocking(
            () -> restored.known(ask.runId(), ask.training()).map(known -> known.ask(images)))
        .compose(
            known -> {
              if (known.isPresent()) {
                return Future.succeededFuture(known.get());
              }
              return kept(new ForTraining(ask.runId(), ask.training()))
                  .compose(
                      kept ->
                          kept.state() == null
                              ? Future.succeededFuture(
                                  Seen.unavailable(whyNot(kept, ask.training())))
                              : seenBy(kept, ask.training(), images));
            });
  }

  private Future<Seen> seenBy(Kept kept, TrainingId training, Examples images) {
    return compute
        .get()
        .compose(ready -> blocking(() -> restored.ask(ready, kept, training, images)));
  }

  // ---- what it took the test images for ----------------------------------------------------

  private Future<TestAnswers> tested(ForTraining of) {
    Optional<Job> job = jobs.apply(of.runId(), of.training());
    if (job.isPresent()) {
      return Future.succeededFuture(job.get().questions().tested());
    }
    TestAnswers known = tested.get(of);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    if (isBusy()) {
      return Future.succeededFuture(TestAnswers.unavailable(BUSY));
    }
    return kept(of)
        .compose(
            kept ->
                kept.state() == null
                    ? Future.succeededFuture(TestAnswers.unavailable(whyNot(kept, of.training())))
                    : compute
                        .get()
                        .compose(ready -> blocking(() -> test(ready, kept, of.training()))))
        .onSuccess(
            answers -> {
              if (answers.predicted() != null) {
                tested.put(of, answers);
              }
            });
  }

  private TestAnswers test(Compute ready, Kept kept, TrainingId training) {
    try {
      Examples test = examples.test(kept.run());
      return Restored.test(ready, kept, training, test);
    } catch (DatasetException | UnusableStateException e) {
      return TestAnswers.unavailable(e.getMessage());
    }
  }

  // ---- test images -------------------------------------------------------------------------

  private Future<Images> images(ReadImages request) {
    if (isBusy()) {
      return Future.succeededFuture(Images.unavailable(BUSY));
    }
    return blocking(
        () -> {
          try {
            if (request.of() != null) {
              examples.requireTestSetOf(request.of());
            }
            int end = request.from() + request.count();
            requireDatasetOf(request);
            Dataset dataset = examples.held(request.dataset(), end);
            LabeledImages held = dataset.test();
            byte[] pixels =
                Arrays.copyOfRange(
                    held.pixels(), request.from() * held.features(), end * held.features());
            return new Images(
                pixels,
                Arrays.copyOfRange(held.labels(), request.from(), end),
                dataset.classes(),
                null);
          } catch (DatasetException e) {
            return Images.unavailable(e.getMessage());
          }
        });
  }

  private static void requireDatasetOf(ReadImages request) throws DatasetException {
    if (request.of() != null
        && !request.of().settings().data().dataset().equals(request.dataset())) {
      throw new DatasetException(
          "This run was not tested on %s, but on %s."
              .formatted(request.dataset(), request.of().settings().data().dataset()));
    }
  }

  // ---- common ------------------------------------------------------------------------------

  private boolean isBusy() {
    return waiting >= WAITING;
  }

  /** On the worker's thread, after all that was asked of it before. */
  private <T> Future<T> blocking(Callable<T> work) {
    waiting++;
    return worker.executeBlocking(work).onComplete(done -> waiting--);
  }

  private Future<Kept> kept(ForTraining of) {
    return vertx.eventBus().<Kept>request(Addresses.STORE_MODEL, of).map(Message::body);
  }

  /** Why there is no model. */
  private static String whyNot(Kept kept, TrainingId id) {
    Optional<Training> training =
        kept.run() == null
            ? Optional.empty()
            : kept.run().trainings().stream().filter(of -> of.id().equals(id)).findFirst();
    return training.map(Answers::whyNot).orElse("There is no such training.");
  }

  private static String whyNot(Training training) {
    return switch (training.status()) {
      case QUEUED ->
          training.iteration() > 0 && training.message() != null
              ? training.message()
              : "This training has not begun yet.";
      case RUNNING -> "This training is just ending. Ask again.";
      case COMPLETED -> "This network is kept no longer: only those of the newest runs are.";
      case CANCELLED, INTERRUPTED, DIVERGED, FAILED ->
          "This training did not complete, and only one that does leaves its network.";
    };
  }
}
