package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several trainings that load at once, and cancellation. */
@Timeout(TestServer.SECONDS)
class DatasetsTogetherTest {
  private static MnistFixture fixture;

  @TempDir Path cache;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RecordedProgress first = new RecordedProgress();
  private final RecordedProgress second = new RecordedProgress();
  private final Vertx vertx = Vertx.vertx();
  private MirrorServer mirror;
  private Datasets datasets;

  @BeforeAll
  static void makeFixture() {
    fixture = new MnistFixture();
  }

  @BeforeEach
  void start() throws IOException {
    mirror = new MirrorServer(fixture);
    mirror.on(IdxPart.TRAIN_IMAGES, mirror.hold(fixture.gzipped(IdxPart.TRAIN_IMAGES)));
    datasets =
        new Datasets(
            fixture.settings(cache, DatasetSettings.PATIENT, mirror.uri()),
            () -> new Download(vertx, DatasetSettings.PATIENT, Proxies.NONE));
  }

  @AfterEach
  void stop() {
    mirror.close();
    TestServer.await(vertx.close());
    threads.shutdownNow();
  }

  @Test
  void twoLoads_atOnce_shareOneDownloadAndItsMessages() throws Exception {
    Future<Dataset> one = load(first);
    mirror.held.await();
    Future<Dataset> other = load(second);
    second.told.await(); // it waits, and sees the other's download
    mirror.gate.countDown();
    assertSame(one.get().training().pixels(), other.get().training().pixels());
    assertSame(one.get().test().labels(), other.get().test().labels());
    assertEquals(4, mirror.requests.size());
    assertTrue(second.messages.get(0).startsWith("Downloading MNIST: train-images"));
  }

  @Test
  void manyLoads_atOnce_makeOneDownload() throws Exception {
    mirror.gate.countDown();
    List<Future<Dataset>> loads =
        Stream.generate(() -> load(new RecordedProgress())).limit(8).toList();
    byte[] pixels = loads.get(0).get().training().pixels();
    for (Future<Dataset> load : loads) {
      assertSame(pixels, load.get().training().pixels());
    }
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void twoLoads_downloadFails_bothHearItFromOneTry() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    mirror.on(
        IdxPart.TRAIN_IMAGES,
        exchange -> {
          held.countDown();
          mirror.silence().handle(exchange);
        });
    Future<Dataset> one = load(first);
    held.await();
    Future<Dataset> other = load(second);
    second.told.await();
    mirror.gate.countDown(); // the server hangs up
    for (Future<Dataset> load : List.of(one, other)) {
      ExecutionException fault = assertThrows(ExecutionException.class, load::get);
      assertInstanceOf(DatasetException.class, fault.getCause());
      assertTrue(fault.getCause().getMessage().contains("broke off"), fault.toString());
    }
    // The client itself may repeat a request on a connection that closed unanswered.
    assertEquals(
        List.of("train-images-idx3-ubyte.gz"), mirror.requests.stream().distinct().toList());
  }

  @Test
  void download_cancelled_endsPromptlyAndLeavesNothing() throws Exception {
    Future<Dataset> one = load(first);
    mirror.held.await();
    first.cancelled = true;
    assertCancelled(one);
    assertEquals(List.of(), cached());
  }

  @Test
  void download_cancelledBeforeAnyAnswer_endsPromptly() throws Exception {
    mirror.on(IdxPart.TRAIN_IMAGES, mirror.silence());
    Future<Dataset> one = load(first);
    mirror.held.await();
    first.cancelled = true;
    assertCancelled(one);
    assertEquals(List.of(), cached());
  }

  @Test
  void download_interrupted_endsAsCancelled() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                datasets.load("mnist", 5_001, 1_000, first);
                interrupted.complete(false);
              } catch (CancellationException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              } catch (Throwable e) {
                interrupted.completeExceptionally(e);
              }
            });
    thread.start();
    mirror.held.await();
    thread.interrupt();
    assertTrue(interrupted.get(TestServer.SECONDS, TimeUnit.SECONDS));
    thread.join();
    assertEquals(List.of(), cached());
  }

  @Test
  void waitingLoad_cancelled_endsPromptlyAndTheOtherGoesOn() throws Exception {
    Future<Dataset> one = load(first);
    mirror.held.await();
    Future<Dataset> other = load(second);
    second.told.await();
    second.cancelled = true;
    assertCancelled(other);
    mirror.gate.countDown();
    assertEquals(5_001, one.get().training().size());
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void downloadingLoad_cancelled_theWaitingOneTakesOver() throws Exception {
    Future<Dataset> one = load(first);
    mirror.held.await();
    Future<Dataset> other = load(second);
    second.told.await();
    first.cancelled = true;
    assertCancelled(one);
    mirror.gate.countDown();
    assertEquals(5_001, other.get().training().size());
    assertEquals(2, Collections.frequency(mirror.requests, IdxPart.TRAIN_IMAGES.gzipName()));
  }

  private Future<Dataset> load(Progress progress) {
    return threads.submit(() -> datasets.load("mnist", 5_001, 1_000, progress));
  }

  private static void assertCancelled(Future<Dataset> load) {
    ExecutionException fault =
        assertThrows(
            ExecutionException.class, () -> load.get(TestServer.SECONDS, TimeUnit.SECONDS));
    assertInstanceOf(CancellationException.class, fault.getCause());
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("mnist"))) {
      return files.toList();
    }
  }
}
