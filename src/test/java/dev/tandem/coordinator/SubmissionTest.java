package dev.tandem.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Refusal;
import dev.tandem.run.Run;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Watching;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What was refused never starts, and what is asked for twice is one run. */
class SubmissionTest extends CoordinatorFixture {
  @Override
  long storeMillis() {
    return 300;
  }

  @Test
  void run_thatCantBeStoredInTime_isRefused_andNeverStarts() {
    store.refuse = true;
    Throwable refused = failure(runs.submit(SETTINGS, "key"));
    assertEquals(Refusal.NO_ROOM, Refusal.of(refused));
    assertTrue(refused.getMessage().contains("was not started"), refused.getMessage());
    store.refuse = false;
    Run next = TestServer.await(runs.submit(SETTINGS, "key"));
    assertEquals(RunStatus.RUNNING, next.status());
    TestServer.until(() -> trainer.started.size() == 2);
    assertEquals(Set.of(next.id()), store.runs.keySet());
    assertEquals(1, eventsOf(next.id()).size());
  }

  @Test
  void run_behindAnotherThatHangs_isRefused_andNeverStarts() {
    Run first = submit();
    store.hang = true;
    Future<?> label = runs.label(first.id(), "name", null, null);
    TestServer.until(() -> store.hanging.size() == 1);
    assertEquals(Refusal.NO_ROOM, Refusal.of(failure(runs.submit(SETTINGS))));
    store.commit();
    TestServer.await(label);
    assertEquals(Set.of(first.id()), store.runs.keySet());
  }

  @Test
  void run_isNotTrained_beforeItIsDurable() {
    store.hang = true;
    Future<Run> asked = runs.submit(SETTINGS);
    TestServer.until(() -> store.hanging.size() == 1);
    assertEquals(List.of(), trainer.started);
    store.commit();
    TestServer.await(asked);
    TestServer.until(() -> trainer.started.size() == 2);
  }

  /** The commit has begun and can't be stopped, and the one who asked has gone away. */
  @Test
  void run_thatIsStoredWhenNobodyWaitsAnyMore_isRemoved_andNeverStarts() {
    store.hang = true;
    Future<Run> asked = runs.submit(SETTINGS, "key");
    TestServer.until(() -> store.hanging.size() == 1);
    // Longer than anyone waits.
    TestServer.await(vertx.timer(2 * storeMillis(), TimeUnit.MILLISECONDS));
    store.commit();
    assertEquals(Refusal.NO_ROOM, Refusal.of(failure(asked)));
    assertEquals(Set.of(), store.runs.keySet());
    assertEquals(List.of(), told);
    Run next = TestServer.await(runs.submit(SETTINGS, "key"));
    TestServer.until(() -> trainer.started.size() == 2);
    assertEquals(Set.of(next.id()), store.runs.keySet());
  }

  @Test
  void runThatWaits_startsWhenTheOneBeforeWasNotStored() {
    store.refuse = true;
    Future<Run> first = runs.submit(SETTINGS);
    Future<Run> second = runs.submit(SETTINGS);
    assertEquals(Refusal.NO_ROOM, Refusal.of(failure(first)));
    assertEquals(Refusal.NO_ROOM, Refusal.of(failure(second)));
    store.refuse = false;
    assertEquals(RunStatus.RUNNING, submit().status());
  }

  @Test
  void sameKey_isTheSameRun_whileItIsStored_afterwards_andAfterACrash() {
    store.hang = true;
    Future<Run> first = runs.submit(SETTINGS, "key");
    Future<Run> second = runs.submit(SETTINGS, "key");
    TestServer.until(() -> store.hanging.size() == 1);
    store.commit();
    Run run = TestServer.await(first);
    assertEquals(run, TestServer.await(second));
    trainer.end(run.id(), "none", TrainingStatus.COMPLETED);
    assertEquals(run, TestServer.await(runs.submit(SETTINGS, "key")));
    crash();
    assertEquals(run, TestServer.await(runs.submit(SETTINGS, "key")));
    assertNotEquals(run.id(), TestServer.await(runs.submit(SETTINGS, "other")).id());
    assertEquals(2, store.runs.size());
  }

  @Test
  void sameKey_withOtherSettings_isRefused() {
    RunSettings other = SETTINGS.with(new Watching(true, false));
    store.hang = true;
    Future<Run> first = runs.submit(SETTINGS, "key");
    TestServer.until(() -> store.hanging.size() == 1);
    assertEquals(Refusal.KEY_USED, Refusal.of(failure(runs.submit(other, "key"))));
    store.commit();
    Run run = TestServer.await(first);
    assertEquals(Refusal.KEY_USED, Refusal.of(failure(runs.submit(other, "key"))));
    trainer.end(run.id(), "none", TrainingStatus.COMPLETED);
    trainer.end(run.id(), "batch", TrainingStatus.COMPLETED);
    TestServer.await(runs.delete(run.id()));
    assertEquals(other, TestServer.await(runs.submit(other, "key")).settings());
  }
}
