package dev.tandem.store;

import dev.tandem.run.BusMessage;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code steps} of few losses, as a paced training or one of slow steps tells them: a row each as
 * they come, so that they are told without delay, and put together once they make a row of {@value
 * #FULL}, or their training has ended. A server that starts leaves alone what the last one has left
 * loose. Used by one thread at a time.
 */
final class LooseSteps {
  /** Fewer losses than this are not worth a row of their own. */
  private static final int FEW = 32;

  private static final int FULL = 256;

  private final Map<String, Map<TrainingId, List<Steps>>> runs = new HashMap<>();

  /**
   * Takes what is appended.
   *
   * @return of each row that is to be put together the events that it is put together from
   */
  List<Pack> take(List<BusMessage.Happened> news) {
    List<Pack> packs = new ArrayList<>();
    for (BusMessage.Happened happened : news) {
      String run = happened.run().id();
      if (happened.event() instanceof Steps steps) {
        take(run, steps, packs);
      } else if (happened.event() instanceof TrainingChange change
          && change.status().hasEnded()
          && runs.containsKey(run)) {
        List<Steps> left = runs.get(run).remove(change.training());
        if (left != null) {
          pack(run, left, packs);
        }
      }
      if (happened.run().status().hasEnded()) {
        runs.remove(run);
      }
    }
    return packs;
  }

  private void take(String run, Steps steps, List<Pack> packs) {
    var trainings = runs.computeIfAbsent(run, id -> new HashMap<>());
    List<Steps> loose = trainings.computeIfAbsent(steps.training(), id -> new ArrayList<>());
    if (steps.losses().length < FEW) {
      loose.add(steps);
    }
    int count = loose.stream().mapToInt(of -> of.losses().length).sum();
    if (steps.losses().length >= FEW || count >= FULL) {
      trainings.remove(steps.training());
      pack(run, loose, packs);
    }
  }

  private static void pack(String run, List<Steps> loose, List<Pack> packs) {
    if (loose.size() > 1) {
      packs.add(new Pack(run, loose));
    }
  }

  /** It is not known what has been kept of these runs: begins anew. */
  void forget(List<BusMessage.Happened> news) {
    news.forEach(happened -> forget(happened.run().id()));
  }

  void forget(String runId) {
    runs.remove(runId);
  }

  /**
   * @param events of one training, at least two, in their order
   */
  record Pack(String runId, List<Steps> events) {}
}
