package dev.tandem.training;

import dev.tandem.lens.LensPlan;
import dev.tandem.nn.Score;
import dev.tandem.run.BusMessage.TestAnswers;
import dev.tandem.run.TrainingEvent.EpochEnd;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import dev.tandem.run.TrainingStatus;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One variant's training from the first batch, or from a checkpoint, to the last. */
final class TrainingLoop {
  /** Before a wait of this length all losses so far are told. */
  private static final long TELL_BEFORE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Of the ten that a server has to end in. */
  private static final int SECONDS_TO_STOP = 5;

  private final TrainingPlan plan;
  private final TrainingId training;
  private final Trainee trainee;
  private final Reporter reporter;
  private final StateSaver saver;
  private final Supplier<TrainingStatus> requestedEnd;
  private final Questions questions;
  private final Pace pace;

  private final LensPlan lensPlan;

  private int epoch = 1;

  /** When the training, and the epoch's steps, would have begun had they never been stopped. */
  private long started = System.nanoTime();

  private long epochStarted = started;

  /**
   * @param pace to be kept between steps
   * @param requestedEnd what the training is to end as, now; null to go on. Read before every step.
   * @param questions answered before every step, and while one waits
   */
  TrainingLoop(
      TrainingPlan plan,
      TrainingId training,
      Trainee trainee,
      Reporter reporter,
      StateSaver saver,
      Pace pace,
      Supplier<TrainingStatus> requestedEnd,
      Questions questions) {
    this.plan = plan;
    this.training = training;
    this.trainee = trainee;
    this.reporter = reporter;
    this.saver = saver;
    this.pace = pace;
    this.requestedEnd = requestedEnd;
    this.questions = questions;
    this.lensPlan = LensPlan.of(plan);
    reporter.whileWaiting(this::lookUp);
  }

  /** Goes on from there, rather than from the first batch. */
  void resume(Checkpoint from) {
    trainee.learner().restore(from.state(), true);
    reporter.resume(from.iteration());
    epoch = from.epoch();
    started = System.nanoTime() - from.elapsedNanos();
    epochStarted = System.nanoTime() - from.epochNanos();
  }

  /** Trains, and reports everything, the end included. */
  void run() {
    run(null);
  }

  /**
   * The same.
   *
   * @param note on how it is trained, a sentence for people; or null
   */
  void run(String note) {
    reporter.status(TrainingStatus.RUNNING, note);
    questions.open(epoch);
    BatchOrder order = new BatchOrder(plan.seed(), plan.data().trainingExamples());
    for (int before = 1; before < epoch; before++) {
      order.next();
    }
    while (epoch <= plan.epochs()) {
      if (!trainOn(order.next())) {
        return;
      }
      if (!test()) {
        return;
      }
      epoch++;
      epochStarted = System.nanoTime();
      if (epoch <= plan.epochs() && saver.isCheckpointDue()) {
        saver.checkpoint(checkpoint());
      }
    }
    // First: the network is large, and what is told after it waits for its way to the disk.
    reporter.flush();
    boolean kept = saver.model(TrainedNetwork.state(trainee), this::lookUp);
    // Stopped by the server, it goes on from its last checkpoint, and ends the same.
    reporter.status(kept ? TrainingStatus.COMPLETED : requestedEnd.get(), null);
  }

  /** What is left of one epoch; false if the training ended in it. */
  private boolean trainOn(int[] order) {
    long done = reporter.iteration() - (long) (epoch - 1) * plan.iterationsPerEpoch();
    int first = (int) done * plan.batchSize();
    for (int from = first; from < order.length; from += plan.batchSize()) {
      keepPace();
      TrainingStatus end = requestedEnd.get();
      if (end != null) {
        stop(end);
        return false;
      }
      questions.answer(trainee.predictor(), reporter.iteration());
      int count = Math.min(plan.batchSize(), order.length - from);
      boolean watched = lensPlan.hasIteration(reporter.iteration() + 1);
      long stepStarted = System.nanoTime();
      double loss =
          watched ? trainee.watchedStep(order, from, count) : trainee.step(order, from, count);
      long nanos = System.nanoTime() - stepStarted;
      if (watched) {
        trainee.learner().lens().ifPresent(lens -> reporter.layers(lens.samples()));
      }
      reporter.step(loss, nanos);
      // As it is told and kept: a number that is too large for a float is none there.
      if (!Float.isFinite((float) loss)) {
        reporter.status(
            TrainingStatus.DIVERGED,
            "The loss stopped being a finite number at iteration %,d. A lower learning rate helps."
                .formatted(reporter.iteration()));
        return false;
      }
    }
    return true;
  }

  /** The time that this takes is the training's, but not its steps'. */
  private void keepPace() {
    long wait = pace.nanosToNext();
    boolean save = wait > 0 && saver.isCheckpointDue();
    if (save || wait > TELL_BEFORE_NANOS) {
      reporter.flush();
    }
    if (save) {
      // An epoch may take an hour at a slow pace: none of it is to be waited for again.
      saver.checkpoint(checkpoint());
    }
    epochStarted += pace.take(this::lookUp);
  }

  /**
   * What a training does every now and then while it waits, for its pace or the store: answer, and
   * see whether to stop.
   */
  private boolean lookUp() {
    questions.answer(trainee.predictor(), reporter.iteration());
    return isStopped();
  }

  private void stop(TrainingStatus end) {
    if (end == TrainingStatus.INTERRUPTED) {
      // This thread is done with the reporter: whoever is told of the kept checkpoint goes on. If
      // the store doesn't take it, the one before is still there.
      saver
          .checkpoint(checkpoint())
          .timeout(SECONDS_TO_STOP, TimeUnit.SECONDS)
          .onComplete(kept -> reporter.status(end, null));
    } else {
      reporter.status(end, null);
    }
  }

  /** Tests at an epoch's end, and reports it; false if the training ended in it. */
  private boolean test() {
    long began = System.nanoTime();
    try {
      Score test = trainee.evaluation().score(this::isStopped);
      Score trainMode = trainee.evaluation().trainModeScore(this::isStopped);
      reportEpoch((began - epochStarted) / 1e9, test, trainMode);
      return true;
    } catch (CancellationException e) {
      // Whoever goes on from here tests again; this one was none of the epoch's steps.
      epochStarted += System.nanoTime() - began;
      stop(requestedEnd.get());
      return false;
    }
  }

  private boolean isStopped() {
    return requestedEnd.get() != null;
  }

  private void reportEpoch(double trainSeconds, Score test, Score trainMode) {
    Score train = trainee.trainingScore();
    Evaluation of = trainee.evaluation();
    questions.tested(new TestAnswers(epoch, of.labels(), of.predictions(), null));
    reporter.epoch(
        new EpochEnd(
            0,
            training.variant(),
            training.repeat(),
            epoch,
            reporter.iteration(),
            train.loss(),
            train.accuracy(),
            test.loss(),
            test.accuracy(),
            secondsSince(started),
            plan.data().trainingExamples() / trainSeconds,
            trainMode == null || !Double.isFinite(trainMode.loss()) ? null : trainMode.loss(),
            trainMode == null ? null : trainMode.accuracy()));
    if (lensPlan.hasEpoch(epoch)) {
      trainee.learner().lens().ifPresent(lens -> reporter.histograms(epoch, lens.histograms()));
    }
  }

  private byte[] checkpoint() {
    long now = System.nanoTime();
    return Checkpoint.of(trainee, epoch, reporter.iteration(), now - started, now - epochStarted);
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
