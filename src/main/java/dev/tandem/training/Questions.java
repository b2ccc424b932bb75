package dev.tandem.training;

import dev.tandem.data.Examples;
import dev.tandem.run.BusMessage.Seen;
import dev.tandem.run.BusMessage.TestAnswers;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * What viewers ask a network while it is trained. Its own thread answers, between two steps: a
 * network is used by one thread, and a training waits for nobody. At most {@value #WAITING}
 * questions wait; who comes then is told so. Thread-safe.
 */
final class Questions {
  private static final int WAITING = 16;
  private static final String NOT_BEGUN = "This training has not begun yet.";

  private final Queue<Question> waiting = new ArrayDeque<>(); // guarded by this
  private boolean open; // guarded by this
  private boolean closed; // guarded by this

  /** Whether any question waits: all that a step costs when none does. */
  private volatile boolean any;

  private volatile TestAnswers tested = TestAnswers.unavailable(NOT_BEGUN);

  /** The training begins: from now on it answers. */
  synchronized void open(int epoch) {
    open = true;
    tested =
        TestAnswers.unavailable(
            "The test images are next looked at at the end of epoch %,d.".formatted(epoch));
  }

  /**
   * Asks.
   *
   * @param images features as the network takes them; their labels don't count
   * @return empty if the training has ended, or ends before it gets to this
   */
  synchronized CompletableFuture<Optional<Seen>> ask(Examples images) {
    if (closed) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (!open) {
      return now(Seen.unavailable(NOT_BEGUN));
    }
    if (waiting.size() == WAITING) {
      return now(Seen.unavailable("Too many ask this network at the same time. Ask again."));
    }
    Question question = new Question(images, new CompletableFuture<>());
    waiting.add(question);
    any = true;
    return question.answer;
  }

  private static CompletableFuture<Optional<Seen>> now(Seen seen) {
    return CompletableFuture.completedFuture(Optional.of(seen));
  }

  /** Answers those who wait. On the training's thread, between two steps. */
  void answer(Predictor predictor, long iteration) {
    if (!any) {
      return;
    }
    for (Question question : take()) {
      Examples images = question.images;
      float[] probabilities = predictor.probabilities(images.features(), images.size());
      question.answer.complete(Optional.of(new Seen(iteration, probabilities, null)));
    }
  }

  private synchronized Question[] take() {
    Question[] taken = waiting.toArray(new Question[0]);
    waiting.clear();
    any = false;
    return taken;
  }

  /** What the network took the test images for at the end of an epoch. */
  void tested(TestAnswers answers) {
    tested = answers;
  }

  TestAnswers tested() {
    return tested;
  }

  /** The training has ended. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    for (Question question : take()) {
      question.answer.complete(Optional.empty());
    }
  }

  private record Question(Examples images, CompletableFuture<Optional<Seen>> answer) {}
}
