package dev.tandem.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.BusMessage;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingId;
import dev.tandem.run.TrainingPlan;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who trains beside whom. */
class AdmissionTest {
  private static final TrainingPlan PLAN =
      new SettingsBuilder()
          .data(10, 10)
          .epochs(1)
          .batchSize(5)
          .learningRate(0.1)
          .hiddenLayers(List.of(4))
          .seed(1)
          .plan();

  private final Admission admission = new Admission(3);
  private final List<Job> held = new ArrayList<>();

  @Test
  void trainings_takeTheirPlaces_inTheirOrder() {
    List<Job> jobs = jobs(5);
    List<Future<Boolean>> in = jobs.stream().map(job -> enter(job, 1)).toList();
    assertEquals(
        List.of(true, true, true, false, false), in.stream().map(Future::isComplete).toList());
    admission.leave(jobs.get(1));
    assertTrue(in.get(3).isComplete());
    assertFalse(in.get(4).isComplete());
    assertTrue(held.isEmpty(), "only a lack of memory is told");
  }

  @Test
  void oneForWhichThereIsNoMemory_waits_andSmallerOnesGoBefore() {
    admission.bound(new Memory(100, 100));
    List<Job> jobs = jobs(3);
    assertTrue(enter(jobs.get(0), 60).isComplete());
    Future<Boolean> large = enter(jobs.get(1), 60);
    assertFalse(large.isComplete());
    assertEquals(List.of(jobs.get(1)), held);
    assertTrue(enter(jobs.get(2), 40).isComplete());
    admission.leave(jobs.get(2));
    assertFalse(large.isComplete());
    admission.leave(jobs.get(0));
    assertTrue(large.result());
    assertEquals(1, held.size(), "told once");
  }

  @Test
  void oneThatWaits_isNotPassedForEver() {
    admission.bound(new Memory(100, 100));
    Job first = jobs(1).get(0);
    enter(first, 90);
    Future<Boolean> large = enter(jobs(1).get(0), 90);
    int passed = 0;
    for (Job small : jobs(100)) {
      Future<Boolean> in = enter(small, 1);
      if (in.isComplete()) {
        passed++;
        admission.leave(small);
      }
    }
    assertEquals(20, passed);
    admission.leave(first);
    assertTrue(large.isComplete());
  }

  @Test
  void oneThatGivesUp_isTold_andMakesWay() {
    admission.bound(new Memory(100, 100));
    List<Job> jobs = jobs(4);
    enter(jobs.get(0), 60);
    Future<Boolean> large = enter(jobs.get(1), 60);
    admission.giveUp(jobs.get(1));
    assertFalse(large.result());
    assertTrue(enter(jobs.get(2), 40).isComplete());
  }

  @Test
  void oneThatIsToBeAlone_isAlone() {
    List<Job> jobs = jobs(3);
    enter(jobs.get(0), 1);
    Future<Boolean> alone =
        admission.enter(
            jobs.get(1), new Admission.Needs(new Memory(1, 1), Memory.NONE, "e", true), () -> {});
    assertFalse(alone.isComplete());
    admission.leave(jobs.get(0));
    assertTrue(alone.isComplete());
    Future<Boolean> other = enter(jobs.get(2), 1);
    assertFalse(other.isComplete());
    admission.leave(jobs.get(1));
    assertTrue(other.isComplete());
  }

  @Test
  void examples_thatAreShared_countOnce() {
    admission.bound(new Memory(100, 100));
    List<Job> jobs = jobs(3);
    Memory own = new Memory(10, 0);
    Memory shared = new Memory(70, 0);
    assertTrue(
        admission
            .enter(jobs.get(0), new Admission.Needs(own, shared, "a", false), () -> {})
            .isComplete());
    assertTrue(
        admission
            .enter(jobs.get(1), new Admission.Needs(own, shared, "a", false), () -> {})
            .isComplete());
    assertFalse(
        admission
            .enter(jobs.get(2), new Admission.Needs(own, shared, "b", false), () -> {})
            .isComplete());
  }

  private Future<Boolean> enter(Job job, long bytes) {
    Admission.Needs needs =
        new Admission.Needs(new Memory(bytes, bytes), Memory.NONE, "examples", false);
    return admission.enter(job, needs, () -> held.add(job));
  }

  private static List<Job> jobs(int count) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(new Job(new BusMessage.Start("r" + i, new TrainingId("a", 1), PLAN, null, false)));
    }
    return jobs;
  }
}
