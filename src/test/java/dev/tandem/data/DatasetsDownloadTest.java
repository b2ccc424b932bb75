package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import dev.tandem.TestServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole dataset from mirrors, good and bad, on this machine. */
@Execution(ExecutionMode.CONCURRENT)
class DatasetsDownloadTest {
  private static final Set<String> ALL_FOUR =
      Stream.of(IdxPart.values()).map(IdxPart::gzipName).collect(Collectors.toSet());

  private static MnistFixture fixture;
  private static Vertx vertx;

  @TempDir Path folder;

  private final RecordedProgress progress = new RecordedProgress();
  private Path cache;
  private MirrorServer mirror;

  @BeforeAll
  static void makeFixture() {
    fixture = new MnistFixture();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void closeVertx() {
    TestServer.await(vertx.close());
  }

  @BeforeEach
  void start() throws IOException {
    cache = folder.resolve("datasets/mnist");
    mirror = new MirrorServer(fixture);
  }

  @AfterEach
  void stop() {
    mirror.close();
  }

  @Test
  void load_moreThanEmbedded_downloadsEachFileOnce() throws Exception {
    Dataset mnist = load(mirror.uri());
    assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), mnist.training().pixels());
    assertArrayEquals(fixture.items(IdxPart.TEST_LABELS), mnist.test().labels());
    assertEquals(MnistFixture.TRAINING, mnist.training().size());
    assertEquals(1_000, mnist.test().size());
    assertEquals(4, mirror.requests.size());
    assertEquals(ALL_FOUR, cached());
    assertEquals("Downloading MNIST: train-images 0%", progress.messages.get(0));
  }

  @Test
  void load_moreTestImagesThanEmbedded_downloads() throws Exception {
    Dataset mnist = datasets(mirror.uri()).load("mnist", 10, MnistFixture.TEST, progress);
    assertEquals(MnistFixture.TEST, mnist.test().size());
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void load_afterRestart_usesTheCacheAlone() throws Exception {
    load(mirror.uri());
    Dataset again = load(MirrorServer.nobody());
    assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), again.training().pixels());
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void cachedFile_damaged_isDownloadedAgain() throws Exception {
    load(mirror.uri());
    byte[] wrong = fixture.plain(IdxPart.TRAIN_IMAGES);
    wrong[5_000] ^= 4;
    Files.write(cache.resolve(IdxPart.TRAIN_IMAGES.gzipName()), MnistFixture.gzip(wrong));
    Files.write(cache.resolve(IdxPart.TEST_LABELS.gzipName()), new byte[3]);
    Dataset again = load(mirror.uri());
    assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), again.training().pixels());
    assertEquals(6, mirror.requests.size());
    assertEquals(ALL_FOUR, cached());
  }

  @Test
  void mirrors_firstRefuses_nextServesAllFiles() throws Exception {
    load(MirrorServer.nobody(), mirror.uri());
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void mirrors_firstIsBad_goodOneIsAskedFirstFromThenOn() throws Exception {
    try (MirrorServer bad = new MirrorServer(fixture)) {
      bad.on(IdxPart.TRAIN_IMAGES, MirrorServer.status(500));
      load(bad.uri(), mirror.uri());
      assertEquals(1, bad.requests.size());
      assertEquals(4, mirror.requests.size());
    }
  }

  @Test
  void mirrors_allFail_personLearnsWhyAndWhatToDo() throws Exception {
    URI nobody = MirrorServer.nobody();
    byte[] wrong = fixture.plain(IdxPart.TRAIN_IMAGES);
    wrong[99] ^= 1;
    mirror.on(IdxPart.TRAIN_IMAGES, MirrorServer.serve(MnistFixture.gzip(wrong)));
    DatasetException fault = assertThrows(DatasetException.class, () -> load(nobody, mirror.uri()));
    assertEquals(
        "This run needs more than the 5,000 training images that come with Tandem, and the full"
            + " MNIST could not be downloaded: 127.0.0.1:"
            + nobody.getPort()
            + ": connection refused; "
            + mirror.host()
            + ": checksum does not match. Connect this machine to the internet, or start Tandem"
            + " with --datasets FOLDER that holds the four MNIST files.",
        fault.getMessage());
    assertEquals(Set.of(), cached());
  }

  @Test
  void fashionMnist_isAskedForBelowTheMirrorsOfMnist() throws Exception {
    Datasets datasets =
        new Datasets(
            DatasetSettings.of(Optional.empty(), folder, List.of(MirrorServer.nobody())),
            () -> new Download(vertx, DatasetSettings.PATIENT, Proxies.NONE));
    String message =
        assertThrows(
                DatasetException.class,
                () -> datasets.load("fashion-mnist", 5_001, 1_000, progress))
            .getMessage();
    assertTrue(message.contains("and the full Fashion-MNIST could not be downloaded"), message);
    assertTrue(message.endsWith("in which a folder fashion-mnist holds its four files."), message);
    assertEquals("Downloading Fashion-MNIST: train-images 0%", progress.messages.get(0));
    List<PublishedSet> sets =
        DatasetSettings.of(
                Optional.empty(), folder, List.of(URI.create("http://mirror.example/mnist")))
            .published();
    assertEquals(
        List.of(URI.create("http://mirror.example/mnist/fashion-mnist")), sets.get(1).mirrors());
  }

  @Test
  void mirrors_none_isSaid() {
    String message = assertThrows(DatasetException.class, () -> load()).getMessage();
    assertTrue(message.contains("could not be downloaded: no mirror is known."), message);
  }

  @Test
  void mirror_unknownHost_isSaid() {
    String message =
        assertThrows(DatasetException.class, () -> load(URI.create("http://nowhere.invalid/")))
            .getMessage();
    assertTrue(message.contains(": nowhere.invalid: host not found."), message);
  }

  @Test
  void mirror_errorStatus_isSaid() throws Exception {
    assertFault(MirrorServer.status(404), "it answers with status 404");
    assertFault(MirrorServer.status(500), "it answers with status 500");
  }

  @Test
  void mirror_hangingUp_isSaid() throws Exception {
    byte[] body = fixture.gzipped(IdxPart.TRAIN_IMAGES);
    assertFault(MirrorServer.hangUp(body, body.length / 2), "the connection broke off");
    assertFault(MirrorServer.hangUp(body, 0), "the connection broke off");
  }

  @Test
  void mirror_truncatedFile_isSaid() throws Exception {
    byte[] body = fixture.gzipped(IdxPart.TRAIN_IMAGES);
    assertFault(
        MirrorServer.serve(Arrays.copyOf(body, body.length / 2)),
        "it sent a file that ends early: it says that it holds 5,100 images");
  }

  @Test
  void mirror_corruptedFile_isSaid() throws Exception {
    byte[] body = fixture.gzipped(IdxPart.TRAIN_IMAGES);
    body[body.length - 6] ^= 1;
    assertFault(MirrorServer.serve(body), "it sent a file that is a damaged gzip file");
  }

  @Test
  void mirror_webPageInstead_isSaid() throws Exception {
    byte[] page = "<!doctype html><p>Log in".getBytes(StandardCharsets.UTF_8);
    assertFault(MirrorServer.serve(page), "it sent a file that is not an IDX file of images");
  }

  @Test
  void mirror_decompressionBomb_isNotUnpacked() throws Exception {
    byte[] bomb = new byte[16 << 20];
    byte[] header = IdxFile.header(IdxPart.TRAIN_IMAGES, 80_000);
    System.arraycopy(header, 0, bomb, 0, header.length);
    byte[] body = MnistFixture.gzip(bomb);
    assertTrue(body.length < 30_000);
    assertFault(
        MirrorServer.serve(body),
        "says that it holds 80,000 images, where 1 to 5,100 are possible");
    System.arraycopy(fixture.plain(IdxPart.TRAIN_IMAGES), 0, bomb, 0, header.length);
    assertFault(MirrorServer.serve(MnistFixture.gzip(bomb)), "goes on after the 5,100 images");
  }

  @Test
  void mirror_endlessBody_isCutOff() throws Exception {
    assertFault(MirrorServer.endless(), "it sends more than the 4,063,936 bytes");
  }

  @Test
  void mirror_tooLargeContentLength_isRefusedAtOnce() throws Exception {
    assertFault(mirror.promise(1L << 40), "it sends more than the 4,063,936 bytes");
  }

  @Test
  void mirror_stalling_isGivenUp() throws Exception {
    Duration stall = Duration.ofMillis(300);
    mirror.on(IdxPart.TRAIN_IMAGES, mirror.hold(fixture.gzipped(IdxPart.TRAIN_IMAGES)));
    String message = impatient(stall, Duration.ofHours(1));
    assertTrue(message.contains(mirror.host() + ": it sent nothing for 300 ms."), message);
    mirror.on(IdxPart.TRAIN_IMAGES, mirror.silence());
    message = impatient(stall, Duration.ofHours(1));
    assertTrue(message.contains(mirror.host() + ": it sent nothing for 300 ms."), message);
    assertEquals(Set.of(), cached());
  }

  @Test
  void mirror_slowBeyondTheTotal_isGivenUp() {
    String message = impatient(Duration.ofSeconds(20), Duration.ZERO);
    assertTrue(message.contains(mirror.host() + ": not done after 0 ms."), message);
  }

  @Test
  void mirror_plainFile_isAcceptedAndCached() throws Exception {
    mirror.on(IdxPart.TRAIN_LABELS, MirrorServer.serve(fixture.plain(IdxPart.TRAIN_LABELS)));
    load(mirror.uri());
    load(MirrorServer.nobody());
    assertEquals(4, mirror.requests.size());
  }

  @Test
  void download_laterFileFails_keepsTheFilesThatCame() throws Exception {
    mirror.on(IdxPart.TEST_LABELS, MirrorServer.status(503));
    assertThrows(DatasetException.class, () -> load(mirror.uri()));
    assertEquals(3, cached().size());
    mirror.on(IdxPart.TEST_LABELS, MirrorServer.serve(fixture.gzipped(IdxPart.TEST_LABELS)));
    load(mirror.uri());
    assertEquals(5, mirror.requests.size());
    assertEquals(ALL_FOUR, cached());
  }

  @Test
  void cacheFolder_isAFile_isSaid() throws Exception {
    Files.createDirectories(cache.getParent());
    Files.write(cache, new byte[1]);
    String message = assertThrows(DatasetException.class, () -> load(mirror.uri())).getMessage();
    assertTrue(message.contains("cannot be kept in " + cache + ": "), message);
    assertTrue(mirror.requests.isEmpty());
  }

  @Test
  void leftovers_ofKilledProcess_areRemovedOnceOld() throws Exception {
    Files.createDirectories(cache);
    Path old = Files.write(cache.resolve("train-images-idx3-ubyte.gz.1.part"), new byte[1]);
    Path young = Files.write(cache.resolve("train-images-idx3-ubyte.gz.2.part"), new byte[1]);
    Path foreign = Files.write(cache.resolve("notes.part"), new byte[1]);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    Files.setLastModifiedTime(foreign, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    load(mirror.uri());
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(young) && Files.exists(foreign));
  }

  private void assertFault(HttpHandler handler, String expected) throws IOException {
    mirror.on(IdxPart.TRAIN_IMAGES, handler);
    String message = assertThrows(DatasetException.class, () -> load(mirror.uri())).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(mirror.host() + ": "), message);
    assertEquals(Set.of(), cached());
  }

  private String impatient(Duration stall, Duration total) {
    var timeouts = new DatasetSettings.Timeouts(Duration.ofSeconds(10), stall, total);
    Datasets datasets =
        new Datasets(
            fixture.settings(cache.getParent(), timeouts, mirror.uri()),
            () -> new Download(vertx, timeouts, Proxies.NONE));
    return assertThrows(
            DatasetException.class, () -> datasets.load("mnist", 5_001, 1_000, progress))
        .getMessage();
  }

  private Dataset load(URI... mirrors) throws DatasetException {
    return datasets(mirrors).load("mnist", MnistFixture.TRAINING, 1_000, progress);
  }

  private Datasets datasets(URI... mirrors) {
    return new Datasets(
        fixture.settings(cache.getParent(), DatasetSettings.PATIENT, mirrors),
        () -> new Download(vertx, DatasetSettings.PATIENT, Proxies.NONE));
  }

  private Set<String> cached() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
