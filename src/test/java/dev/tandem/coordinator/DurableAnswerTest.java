package dev.tandem.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.TestServer;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent.CancelRequest;
import dev.tandem.run.RunEvent.PaceChange;
import dev.tandem.run.RunStatus;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was answered is what happens, also when the server is killed right after. */
class DurableAnswerTest extends CoordinatorFixture {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelledRun_isCancelled_byTheNextServer_whateverItDoesWithOthers(boolean resume) {
    Run run = submit();
    trainer.end(run.id(), "none", TrainingStatus.COMPLETED);
    Run answer = TestServer.await(runs.cancel(run.id()));
    assertEquals(RunStatus.RUNNING, answer.status());
    assertNotNull(answer.cancelRequestedAt());
    crash();
    TestServer.await(runs.recover(resume));
    Run after = get(run.id());
    assertEquals(RunStatus.CANCELLED, after.status());
    assertEquals(TrainingStatus.COMPLETED, after.trainings().get(0).status());
    assertEquals(TrainingStatus.CANCELLED, after.trainings().get(1).status());
    assertEquals(List.of(), trainer.started);
  }

  @Test
  void cancelledTwice_itIsAskedForOnce() {
    Run run = submit();
    TestServer.await(runs.cancel(run.id()));
    TestServer.await(runs.cancel(run.id()));
    assertEquals(1, eventsOf(run.id()).stream().filter(CancelRequest.class::isInstance).count());
  }

  @Test
  void runThatTheLastServerLeft_isNotSaidToHaveEnded_beforeItIsSeenTo() {
    Run run = submit();
    crash();
    for (var asked : List.of(runs.cancel(run.id()), runs.setPace(run.id(), 5.0))) {
      assertEquals(Refusal.NO_ROOM, Refusal.of(failure(asked)));
    }
  }

  @Test
  void pace_isAnEvent_andKeptByTheNextServer() {
    Run run = submit();
    assertNull(run.pace().iterationsPerSecond());
    assertEquals(5, TestServer.await(runs.setPace(run.id(), 5.0)).iterationsPerSecond());
    assertEquals(5, get(run.id()).pace().iterationsPerSecond());
    // The same again is no news.
    TestServer.await(runs.setPace(run.id(), 5.0));
    assertEquals(1, eventsOf(run.id()).stream().filter(PaceChange.class::isInstance).count());
    crash();
    TestServer.await(runs.recover(true));
    TestServer.until(() -> trainer.starts.size() == 2);
    assertEquals(5, trainer.starts.get(0).iterationsPerSecond());
    assertEquals(5, TestServer.await(runs.pace(run.id())).iterationsPerSecond());
    assertNull(get(run.id()).settings().schedule().iterationsPerSecond());
    TestServer.await(runs.setPace(run.id(), null));
    crash();
    assertNull(get(run.id()).pace().iterationsPerSecond());
  }

  @Test
  void pace_isNotAnswered_beforeItIsDurable() {
    Run run = submit();
    store.hang = true;
    var asked = runs.setPace(run.id(), 5.0);
    TestServer.until(() -> store.hanging.size() == 1);
    assertNull(TestServer.await(runs.pace(run.id())).iterationsPerSecond());
    store.commit();
    TestServer.await(asked);
    assertEquals(5, TestServer.await(runs.pace(run.id())).iterationsPerSecond());
  }

  @Test
  void trainingThatHasEnded_isNotHeardAnyMore() {
    Run run = submit();
    TestServer.await(runs.cancel(run.id()));
    trainer.end(run.id(), "none", TrainingStatus.CANCELLED);
    int before = eventsOf(run.id()).size();
    trainer.end(run.id(), "none", TrainingStatus.FAILED);
    trainer.end(run.id(), "none", TrainingStatus.RUNNING);
    trainer.tell(run.id(), new Steps(0, "none", 1, 1, new float[] {1f}, 0, null));
    trainer.tell(run.id(), new TrainingChange(0, "other", 1, TrainingStatus.FAILED, null));
    assertEquals(before, eventsOf(run.id()).size());
    trainer.end(run.id(), "batch", TrainingStatus.CANCELLED);
    assertEquals(RunStatus.CANCELLED, get(run.id()).status());
    assertEquals(TrainingStatus.CANCELLED, get(run.id()).trainings().get(0).status());
  }

  @Test
  void fault_isWhatTheStoreSays() {
    assertNull(TestServer.await(runs.fault()));
    store.refuse = true;
    assertEquals("the disk is broken", TestServer.await(runs.fault()));
    TestServer.await(vertx.undeploy(store.deploymentId()));
    assertEquals("The database does not answer.", TestServer.await(runs.fault()));
  }
}
