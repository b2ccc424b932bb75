package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.TestServer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whatever is sent: the answer is decent. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("FuzzTest")
class FuzzTest {
  private static final int TRIES = 200;

  /** One whole request, ready to be spoilt. */
  private static final String SOUND =
      "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
          + "Connection: close\r\nContent-Length: 12\r\n\r\n{\"epochs\":0}";

  private static Path dataDir;
  private static TestServer server;
  private static ServerSocket silent;
  private static String ended;

  @BeforeContainer
  static void startServer() throws Exception {
    dataDir = Files.createTempDirectory("tandem-fuzz");
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server =
        TestServer.start(
            TestServer.settings(
                "127.0.0.1",
                dataDir,
                1,
                Optional.empty(),
                List.of(URI.create("http://127.0.0.1:" + silent.getLocalPort())),
                AccessFixture.withLimits(100, 1000, 1_000_000, Duration.ofSeconds(10))));
    ended = server.startRun(AccessFixture.SMALL).getString("id");
    server.awaitStatus(ended, "completed");
    // While this one waits for a download, what is started by chance waits too, and costs nothing.
    server.startRun("{\"trainingExamples\":6000}");
  }

  @AfterContainer
  static void closeServer() throws Exception {
    server.close();
    silent.close();
    try (Stream<Path> left = Files.walk(dataDir)) {
      left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void nearlySoundRun_isTaken_orItsFaultyFieldsAreNamed(
      @ForAll("nearlySoundRuns") Map<String, Object> run) {
    HttpResponse<String> answer = server.post("/api/runs", Json.encode(run));
    if (answer.statusCode() == 201) {
      forget(new JsonObject(answer.body()).getString("id"));
    } else {
      assertEquals(400, answer.statusCode(), answer.body());
      assertDecent(answer);
      assertFalse(new JsonObject(answer.body()).getJsonObject("errors").isEmpty(), answer.body());
    }
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void anyJson_isTaken_orRefused(@ForAll("json") Object json, @ForAll("posts") String path) {
    HttpResponse<String> answer = server.post(path, Json.encode(json));
    assertDecent(answer);
    if (answer.statusCode() == 201) {
      forget(new JsonObject(answer.body()).getString("id"));
    }
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void nearlySoundImage_isLookedAt_orItsFaultsAreNamed(
      @ForAll("nearlySoundImages") Map<String, Object> question) {
    HttpResponse<String> answer =
        server.post("/api/runs/" + ended + "/predict", Json.encode(question));
    assertDecent(answer);
    if (answer.statusCode() == 400) {
      assertFalse(new JsonObject(answer.body()).getJsonObject("errors").isEmpty(), answer.body());
    } else {
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(2, new JsonObject(answer.body()).getJsonArray("answers").size());
    }
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void anyBytes_areRefused(@ForAll byte[] body, @ForAll("posts") String path) {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    assertDecent(answer);
    assertTrue(answer.statusCode() >= 400, answer.body());
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void anyQuery_isUnderstood_orRefused(
      @ForAll("queried") String path, @ForAll("queries") Map<String, String> query) {
    StringBuilder all = new StringBuilder(path.replace("ID", ended)).append('?');
    query.forEach(
        (name, value) -> all.append(encoded(name)).append('=').append(encoded(value)).append('&'));
    assertDecent(server.get(all.toString()));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void anyAddress_isFound_orNot(
      @ForAll("methods") String method,
      @ForAll("roots") String root,
      @ForAll("addresses") String address) {
    String path = root.replace("ID", ended) + address;
    assertDecent(
        RawHttp.ask(
            server, method + " " + path + " HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 0"));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.MIXIN, shrinking = ShrinkingMode.OFF)
  void spoiltRequest_isRefused_orUnderstood(@ForAll("spoilt") byte[] request) {
    try (RawHttp http = new RawHttp(server)) {
      String answer = http.send(request).send("\r\n\r\n").finish().untilClosed();
      if (!answer.isEmpty()) {
        assertDecent(answer);
      }
    }
  }

  // ---- what is sent ------------------------------------------------------------------------

  @Provide
  Arbitrary<Map<String, Object>> nearlySoundRuns() {
    Arbitrary<Object> whole = Arbitraries.integers().between(-1, 1001).asGeneric();
    Arbitrary<Object> rate = Arbitraries.of(0.001, 0.0, -1.0, 1000.0, 1e-300, 1e300, 1).asGeneric();
    Arbitrary<Object> variant =
        Arbitraries.maps(
                Arbitraries.frequency(
                    Tuple.of(6, "normalization"),
                    Tuple.of(3, "name"),
                    Tuple.of(3, "learningRate"),
                    Tuple.of(1, "x")),
                Arbitraries.oneOf(
                    Arbitraries.of("none", "batch", "a", "A b-1.x", "").asGeneric(), rate, json()))
            .ofMaxSize(3)
            .asGeneric();
    Arbitrary<Object> variants = variant.list().ofMaxSize(5).asGeneric();
    Arbitrary<Object> layers = whole.list().ofMaxSize(4).asGeneric();
    Arbitrary<String> names =
        Arbitraries.frequencyOf(
            Tuple.of(
                20,
                Arbitraries.of(
                    "epochs",
                    "batchSize",
                    "learningRate",
                    "dataset",
                    "trainingExamples",
                    "testExamples",
                    "hiddenLayers",
                    "seed",
                    "variants")),
            Tuple.of(1, keys()));
    return Arbitraries.maps(names, Arbitraries.oneOf(whole, rate, variants, layers, json()))
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<Map<String, Object>> nearlySoundImages() {
    Arbitrary<Object> grey = Arbitraries.integers().between(0, 255).asGeneric();
    Arbitrary<Object> pixel = Arbitraries.frequencyOf(Tuple.of(2000, grey), Tuple.of(1, json()));
    Arbitrary<Object> image = pixel.list().ofSize(784).asGeneric();
    Arbitrary<Object> other = pixel.list().ofMaxSize(3).asGeneric();
    return Arbitraries.frequencyOf(Tuple.of(5, image), Tuple.of(1, other), Tuple.of(1, json()))
        .flatMap(
            value ->
                Arbitraries.frequencyOf(Tuple.of(8, Arbitraries.just("image")), Tuple.of(1, keys()))
                    .map(name -> java.util.Collections.singletonMap(name, value)));
  }

  /** Names that mean something to JSON pointers, to addresses, to scripts, or nothing. */
  private static Arbitrary<String> keys() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            "/",
            "~",
            "~0",
            "~1",
            "%",
            "%zz",
            "%41",
            "#",
            "a/b",
            "$ref",
            "__proto__",
            "0",
            "\u0000"),
        Arbitraries.strings().ofMaxLength(8));
  }

  @Provide
  Arbitrary<Object> json() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20).asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.bigIntegers().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.bigDecimals().asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.of("null").map(name -> Json.decodeValue(name)).injectNull(1));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () -> json().list().ofMaxSize(3).asGeneric(),
        () -> Arbitraries.maps(keys(), json()).ofMaxSize(3).asGeneric());
  }

  @Provide
  Arbitrary<String> posts() {
    return Arbitraries.of(
        "/api/runs",
        "/api/runs",
        "/api/session",
        "/api/runs/x/cancel",
        "/api/runs/x/predict",
        "/api/runs/" + ended + "/predict");
  }

  @Provide
  Arbitrary<String> queried() {
    return Arbitraries.of(
        "/api/runs",
        "/api/runs/ID/events",
        "/api/runs/ID/curves.csv",
        "/api/runs/ID/predictions",
        "/api/datasets/mnist/test",
        "/api/runs/ID",
        "/metrics");
  }

  @Provide
  Arbitrary<Map<String, String>> queries() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "limit",
                "before",
                "after",
                "resolution",
                "repeat",
                "from",
                "count",
                "search",
                "sort",
                "order",
                "status"),
            Arbitraries.strings().ofMaxLength(5));
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.integers().between(-2, 300).map(String::valueOf),
            Arbitraries.strings().ofMaxLength(12));
    return Arbitraries.maps(names, values).ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of("GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS", "TRACE", "get", "X");
  }

  @Provide
  Arbitrary<String> roots() {
    return Arbitraries.of(
        "/",
        "/api/",
        "/api/runs/",
        "/api/runs/ID/",
        "/vendor/uplot/",
        "/health/",
        "/api/runs?",
        "*");
  }

  @Provide
  Arbitrary<String> addresses() {
    return Arbitraries.of(
            "%",
            "%2", "%2e", "%2f", "%00", "%zz", "%c0%af", "%ff", "..", ".", "/", "//", "\\", ";", ":",
            "?", "&", "=", "+", "#", "events", "live", "cancel", "a", "~", "é", "{", "[", "<", "\"")
        .list()
        .ofMaxSize(8)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<byte[]> spoilt() {
    byte[] sound = SOUND.getBytes(StandardCharsets.ISO_8859_1);
    Arbitrary<byte[]> spoilt =
        Arbitraries.maps(Arbitraries.integers().between(0, sound.length - 1), Arbitraries.bytes())
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(
                changes -> {
                  byte[] bytes = sound.clone();
                  changes.forEach((at, value) -> bytes[at] = value);
                  return bytes;
                });
    return Arbitraries.oneOf(spoilt, Arbitraries.bytes().array(byte[].class).ofMaxSize(200));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  // ---- what comes back ---------------------------------------------------------------------

  private static void forget(String id) {
    // On a slow machine the run before it has given up on its download, and this one runs.
    int cancelled = server.post("/api/runs/" + id + "/cancel", "").statusCode();
    assertTrue(cancelled == 202 || cancelled == 409, () -> "cancelling: " + cancelled);
    TestServer.until(() -> server.delete("/api/runs/" + id).statusCode() == 204);
  }

  private static void assertDecent(HttpResponse<String> answer) {
    assertDecent(
        answer.statusCode(), answer.headers().firstValue("content-type").orElse(""), answer.body());
  }

  /** Of an answer as it came, or several. */
  private static void assertDecent(String raw) {
    int status = RawHttp.status(raw);
    // Vert.x's own word on versions of HTTP that there are not.
    assertTrue(status < 500 || status == 501, raw);
    assertNothingInside(raw);
  }

  private static void assertDecent(int status, String type, String body) {
    assertTrue(status < 500, status + " " + body);
    assertNothingInside(body);
    if (status >= 400) {
      assertEquals("application/problem+json", type, body);
      assertEquals(status, new JsonObject(body).getInteger("status"));
    }
  }

  private static void assertNothingInside(String answer) {
    for (String inside :
        List.of("Exception", "io.vertx", "com.fasterxml", "at dev.tandem", "java.")) {
      assertFalse(answer.contains(inside), answer);
    }
  }
}
