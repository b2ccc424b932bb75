package dev.tandem.training;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets trainings begin: so many at a time, in the order in which they came, and each only when
 * there is memory for it beside those that train, so that none suffers for another's size. One for
 * which there is none waits until others have ended; meanwhile at most {@value #PASSED} that came
 * later and need less go before it. Belongs to one event loop.
 */
final class Admission {
  private static final int PASSED = 20;

  private final int places;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Job, Needs> inside = new HashMap<>();
  private Memory room = new Memory(Long.MAX_VALUE, Long.MAX_VALUE);

  /**
   * @param places trainings at a time
   */
  Admission(int places) {
    this.places = places;
  }

  /** So much memory is there for all together; before it is said, without a bound. */
  void bound(Memory all) {
    room = all;
  }

  Memory room() {
    return room;
  }

  /**
   * Asks for a training's place.
   *
   * @param held is run once, if it has to wait for memory
   * @return true once it may begin, and then it is to {@link #leave}; false if it has given up
   */
  Future<Boolean> enter(Job job, Needs needs, Runnable held) {
    Waiting asks = new Waiting(job, needs, held);
    waiting.add(asks);
    letIn();
    return asks.in.future();
  }

  /** It waits no more, if it did. */
  void giveUp(Job job) {
    for (Waiting of : List.copyOf(waiting)) {
      if (of.job == job) {
        waiting.remove(of);
        of.in.complete(false);
      }
    }
    letIn();
  }

  /** A training that was let in takes no memory any more. */
  void leave(Job job) {
    inside.remove(job);
    letIn();
  }

  private void letIn() {
    List<Waiting> now = new ArrayList<>();
    List<Waiting> held = new ArrayList<>();
    for (Waiting next : List.copyOf(waiting)) {
      if (inside.size() >= places || held.stream().anyMatch(of -> of.passed >= PASSED)) {
        break;
      }
      if (fits(next.needs)) {
        held.forEach(of -> of.passed++);
        inside.put(next.job, next.needs);
        now.add(next);
      } else {
        held.add(next);
      }
    }
    waiting.removeAll(now);
    held.forEach(Waiting::hold);
    now.forEach(of -> of.in.complete(true));
  }

  private boolean fits(Needs needs) {
    if (needs.alone) {
      return inside.isEmpty();
    }
    List<Needs> all = new ArrayList<>(inside.values());
    all.add(needs);
    return all.stream().noneMatch(of -> of.alone && all.size() > 1) && taken(all).fitsIn(room);
  }

  /** Trainings on the same examples share them. */
  private static Memory taken(List<Needs> all) {
    Map<Object, Memory> shared = new HashMap<>();
    Memory taken = Memory.NONE;
    for (Needs of : all) {
      taken = taken.plus(of.own);
      shared.put(of.examples, of.shared);
    }
    for (Memory of : shared.values()) {
      taken = taken.plus(of);
    }
    return taken;
  }

  /**
   * What a training needs.
   *
   * @param own for itself
   * @param shared with those that train on the same examples
   * @param examples equal for those
   * @param alone whether it is to train with no other beside it
   */
  record Needs(Memory own, Memory shared, Object examples, boolean alone) {
    /** With nobody to share. */
    Memory whole() {
      return own.plus(shared);
    }
  }

  private static final class Waiting {
    final Job job;
    final Needs needs;
    final Promise<Boolean> in = Promise.promise();
    private Runnable held;
    int passed;

    Waiting(Job job, Needs needs, Runnable held) {
      this.job = job;
      this.needs = needs;
      this.held = held;
    }

    void hold() {
      if (held != null) {
        held.run();
        held = null;
      }
    }
  }
}
