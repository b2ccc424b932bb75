package dev.tandem.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.TestServer;
import dev.tandem.run.Run;
import dev.tandem.run.RunStatus;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is to stop, while trainings come to their ends in whatever way. */
class StopTest extends CoordinatorFixture {
  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "DIVERGED", "FAILED", "CANCELLED"})
  void stop_isComplete_whenOneTrainingIsParked_andTheOtherHasEnded(TrainingStatus end) {
    Run run = submit();
    Future<Void> stopped = stopping();
    trainer.tellSoon(run.id(), change("none", TrainingStatus.INTERRUPTED));
    Future<?> told = trainer.tellSoon(run.id(), change("batch", end));
    TestServer.await(stopped);
    TestServer.await(told);
    Run left = store.runs.get(run.id());
    assertEquals(RunStatus.RUNNING, left.status());
    assertEquals(end, left.trainings().get(1).status());

    deployCoordinator();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> trainer.started.size() == 3);
    assertEquals(run.id() + "/none", trainer.started.get(2));
  }

  @Test
  void stop_isComplete_whenTheRunEndsByItself_andTheNextOneIsNotStarted() {
    Run run = submit();
    Run next = submit();
    Future<Void> stopped = stopping();
    trainer.tellSoon(run.id(), change("none", TrainingStatus.COMPLETED));
    trainer.tellSoon(run.id(), change("batch", TrainingStatus.COMPLETED));
    TestServer.await(stopped);
    assertEquals(RunStatus.COMPLETED, store.runs.get(run.id()).status());
    assertEquals(RunStatus.QUEUED, store.runs.get(next.id()).status());
    assertEquals(2, trainer.started.size());
  }

  @Test
  void stop_isNotComplete_beforeTheLastTrainingHasStopped() {
    Run run = submit();
    Future<Void> stopped = stopping();
    trainer.tell(run.id(), change("none", TrainingStatus.COMPLETED));
    assertFalse(stopped.isComplete());
    trainer.tellSoon(run.id(), change("batch", TrainingStatus.INTERRUPTED));
    TestServer.await(stopped);
  }

  @Test
  void runThatWaits_andIsCancelledDuringAStop_makesNoRoomForAnother() {
    Run run = submit();
    Run first = submit();
    Run second = submit();
    Future<Void> stopped = stopping();
    trainer.tell(run.id(), change("none", TrainingStatus.COMPLETED));
    assertEquals(RunStatus.CANCELLED, TestServer.await(runs.cancel(first.id())).status());
    trainer.tellSoon(run.id(), change("batch", TrainingStatus.COMPLETED));
    TestServer.await(stopped);
    assertEquals(RunStatus.QUEUED, store.runs.get(second.id()).status());
  }

  @Test
  void runThatIsCancelledDuringAStop_isCancelled_byTheNextServer() {
    Run run = submit();
    Future<Void> stopped = stopping();
    trainer.tell(run.id(), change("none", TrainingStatus.INTERRUPTED));
    TestServer.await(runs.cancel(run.id()));
    trainer.tellSoon(run.id(), change("batch", TrainingStatus.INTERRUPTED));
    TestServer.await(stopped);
    deployCoordinator();
    TestServer.await(runs.recover(true));
    assertEquals(RunStatus.CANCELLED, get(run.id()).status());
  }

  @Test
  void runThatIsBeingCancelled_isNotParked_whenTheServerStops() {
    Run run = submit();
    TestServer.await(runs.cancel(run.id()));
    // It hears of the cancel while it doesn't obey yet.
    TestServer.until(() -> trainer.asked.size() == 1);
    trainer.obedient = true;
    TestServer.await(stopping());
    assertEquals(List.of(TrainingStatus.CANCELLED, TrainingStatus.CANCELLED), trainer.asked);
    assertEquals(RunStatus.CANCELLED, store.runs.get(run.id()).status());
  }

  @Test
  void runThatIsStored_whileTheServerStops_goesOnWithTheNextOne() {
    store.hang = true;
    Future<Run> asked = runs.submit(SETTINGS);
    TestServer.until(() -> store.hanging.size() == 1);
    Future<Void> stopped = stopBegun();
    store.commit();
    Run run = TestServer.await(asked);
    TestServer.await(stopped);
    assertEquals(List.of(), trainer.started);
    deployCoordinator();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> trainer.started.size() == 2);
    assertEquals(RunStatus.RUNNING, get(run.id()).status());
  }

  /** A stop that has begun when both trainings had. */
  private Future<Void> stopping() {
    TestServer.until(() -> trainer.started.size() == 2);
    return stopBegun();
  }

  private Future<Void> stopBegun() {
    int before = trainer.asked.size();
    Future<Void> stopped = vertx.undeploy(coordinator);
    TestServer.until(() -> trainer.asked.size() > before);
    return stopped;
  }

  private static TrainingChange change(String variant, TrainingStatus status) {
    return new TrainingChange(0, variant, 1, status, null);
  }
}
