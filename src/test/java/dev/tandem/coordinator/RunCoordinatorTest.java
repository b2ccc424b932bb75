package dev.tandem.coordinator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunStatus;
import dev.tandem.run.TrainingEvent.Histograms;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The coordinator on a real bus, with a fake verticle that trains. */
class RunCoordinatorTest extends CoordinatorFixture {
  @Test
  void events_areNumberedFromOne_withoutGaps() {
    Run run = submit();
    trainer.tell(run.id(), new Steps(0, "none", 1, 1, new float[] {2f, 1f}, 0, null));
    trainer.end(run.id(), "none", TrainingStatus.COMPLETED);
    trainer.end(run.id(), "batch", TrainingStatus.COMPLETED);
    List<RunEvent> events = eventsOf(run.id());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i + 1, events.get(i).seq());
    }
    assertEquals(RunStatus.RUNNING, ((RunChange) events.get(0)).status());
    assertEquals(RunStatus.COMPLETED, ((RunChange) events.get(events.size() - 1)).status());
    Run after = get(run.id());
    assertEquals(2, after.trainings().get(0).iteration());
    assertEquals(1.0, after.trainings().get(0).trainLoss());
  }

  @Test
  void nextRun_starts_whenTheOneBeforeHasEnded() {
    Run first = submit();
    Run second = submit();
    assertEquals(RunStatus.RUNNING, first.status());
    assertEquals(RunStatus.QUEUED, second.status());
    trainer.end(first.id(), "none", TrainingStatus.COMPLETED);
    assertEquals(RunStatus.QUEUED, get(second.id()).status());
    trainer.end(first.id(), "batch", TrainingStatus.DIVERGED);
    assertEquals(RunStatus.COMPLETED, get(first.id()).status());
    assertEquals(RunStatus.RUNNING, get(second.id()).status());
    TestServer.until(() -> trainer.started.contains(second.id() + "/batch"));
  }

  @Test
  void fullQueue_refuses() {
    for (int i = 0; i < 3; i++) {
      submit();
    }
    Throwable refused = failure(runs.submit(SETTINGS));
    assertEquals(Refusal.NO_ROOM, Refusal.of(refused));
  }

  @Test
  void queuedRun_isCancelledAtOnce() {
    submit();
    Run second = submit();
    Run cancelled = TestServer.await(runs.cancel(second.id()));
    assertEquals(RunStatus.CANCELLED, cancelled.status());
    assertTrue(
        cancelled.trainings().stream().allMatch(t -> t.status() == TrainingStatus.CANCELLED));
    assertEquals(Refusal.WRONG_STATUS, Refusal.of(failure(runs.cancel(second.id()))));
  }

  @Test
  void runningRun_isCancelled_onceItsTrainingsSaySo() {
    Run run = submit();
    assertEquals(RunStatus.RUNNING, TestServer.await(runs.cancel(run.id())).status());
    trainer.end(run.id(), "none", TrainingStatus.CANCELLED);
    assertEquals(RunStatus.RUNNING, get(run.id()).status());
    trainer.end(run.id(), "batch", TrainingStatus.CANCELLED);
    assertEquals(RunStatus.CANCELLED, get(run.id()).status());
  }

  @Test
  void failedTraining_makesTheRunFailed_butTheOtherGoesOn() {
    Run run = submit();
    trainer.end(run.id(), "none", TrainingStatus.FAILED);
    assertEquals(RunStatus.RUNNING, get(run.id()).status());
    trainer.end(run.id(), "batch", TrainingStatus.COMPLETED);
    assertEquals(RunStatus.FAILED, get(run.id()).status());
  }

  @Test
  void event_isToldToNobody_beforeItIsDurable() {
    Run run = submit();
    store.refuse = true;
    Future<?> told =
        trainer.tellSoon(run.id(), new Steps(0, "none", 1, 1, new float[] {2f}, 0, null));
    TestServer.until(() -> store.refusals.get() > 1);
    assertEquals(1, eventsOf(run.id()).size());
    assertFalse(told.isComplete());
    store.refuse = false;
    TestServer.await(told);
    TestServer.until(() -> eventsOf(run.id()).size() == 2);
    assertEquals(2, store.events.size());
  }

  @Test
  void stop_parksWhatRuns_andTheNextCoordinatorGoesOn_whereItWas() {
    Run first = submit();
    Run second = submit();
    trainer.tell(first.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 1, new float[] {3f, 2f, 1f}, 0, null));
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    trainer.obedient = false;
    assertEquals(RunStatus.RUNNING, store.runs.get(first.id()).status());
    assertEquals(RunStatus.QUEUED, store.runs.get(second.id()).status());
    trainer.started.clear();

    deployCoordinator();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> trainer.started.size() == 2);
    trainer.tell(first.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 1, new float[] {3f, 2f}, 0, null));
    trainer.tell(first.id(), new Steps(0, "none", 1, 3, new float[] {1f, 0.5f}, 0, null));
    List<RunEvent> events = eventsOf(first.id());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i + 1, events.get(i).seq());
    }
    Steps last = (Steps) events.get(events.size() - 1);
    assertEquals(4, last.from());
    assertArrayEquals(new float[] {0.5f}, last.losses());
  }

  @Test
  void looksIntoLayers_toldAgainAfterARestart_areRecordedOnce() {
    Run run = submit();
    trainer.tell(run.id(), new TrainingChange(0, "none", 1, TrainingStatus.RUNNING, null));
    // The steps had not come through when the server stopped.
    trainer.tell(run.id(), new Layers(0, "none", 1, 3, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 1, new float[0], new int[0][]));
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    trainer.obedient = false;
    deployCoordinator();
    TestServer.await(runs.recover(true));
    trainer.tell(run.id(), new Layers(0, "none", 1, 2, List.of()));
    trainer.tell(run.id(), new Layers(0, "none", 1, 3, List.of()));
    trainer.tell(run.id(), new Layers(0, "batch", 1, 3, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 1, new float[0], new int[0][]));
    trainer.tell(run.id(), new Layers(0, "none", 1, 4, List.of()));
    trainer.tell(run.id(), new Histograms(0, "none", 1, 2, new float[0], new int[0][]));
    List<String> looks = new ArrayList<>();
    for (RunEvent event : eventsOf(run.id())) {
      if (event instanceof Layers layers) {
        looks.add(layers.variant() + layers.iteration());
      } else if (event instanceof Histograms histograms) {
        looks.add("epoch" + histograms.epoch());
      }
    }
    assertEquals(List.of("none3", "epoch1", "batch3", "none4", "epoch2"), looks);
  }

  @Test
  void recoveryWithoutResuming_endsWhatWasLeft() {
    Run first = submit();
    Run second = submit();
    trainer.obedient = true;
    TestServer.await(vertx.undeploy(coordinator));
    deployCoordinator();
    TestServer.await(runs.recover(false));
    for (Run run : List.of(first, second)) {
      assertEquals(RunStatus.INTERRUPTED, get(run.id()).status());
      assertTrue(
          get(run.id()).trainings().stream()
              .allMatch(of -> of.status() == TrainingStatus.INTERRUPTED));
    }
  }

  @Test
  void withoutAnyoneWhoTrains_theRunFails() {
    TestServer.await(vertx.undeploy(trainer.deploymentId()));
    Run run = submit();
    TestServer.until(() -> get(run.id()).status() == RunStatus.FAILED);
    assertEquals("No worker took this training.", get(run.id()).trainings().get(0).message());
  }

  @Test
  void losses_areWrittenInBatches() {
    Run run = submit();
    int before = store.batches.get();
    store.hang = true;
    List<Future<?>> told = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      told.add(trainer.tellSoon(run.id(), new Steps(0, "none", 1, i, new float[] {1f}, 0, null)));
    }
    // The store is at what came first, and what came meanwhile waits for it.
    TestServer.until(() -> store.hanging.size() == 1);
    assertEquals(0, get(run.id()).trainings().get(0).iteration());
    store.commit();
    told.forEach(TestServer::await);
    assertEquals(100, get(run.id()).trainings().get(0).iteration());
    int batches = store.batches.get() - before;
    assertTrue(batches < 50, batches + " batches");
  }
}
