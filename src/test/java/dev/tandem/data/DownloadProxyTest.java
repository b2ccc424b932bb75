package dev.tandem.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.ProxyOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads by way of a real proxy on this machine, as {@code HTTPS_PROXY} and its kin ask. */
@Execution(ExecutionMode.CONCURRENT)
class DownloadProxyTest {
  private static final String CREDENTIALS =
      Base64.getEncoder().encodeToString("me:p@ss+word".getBytes(StandardCharsets.UTF_8));
  private static final byte[] FILE = "the file".getBytes(StandardCharsets.UTF_8);

  private static MnistFixture fixture;
  private static Vertx vertx;

  @TempDir Path folder;

  private final RecordedProgress progress = new RecordedProgress();

  @BeforeAll
  static void start() {
    fixture = new MnistFixture();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    TestServer.await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http_proxy", "HTTP_PROXY"})
  void plainMirror_isAskedThroughTheProxy_withItsCredentials(String variable) throws Exception {
    try (MirrorServer mirror = new MirrorServer(fixture);
        TestProxy proxy = new TestProxy(mirror.uri().getPort(), CREDENTIALS)) {
      Dataset mnist = load(Map.of(variable, "http://me:p%40ss+word@" + proxy.address()));
      assertArrayEquals(fixture.items(IdxPart.TRAIN_IMAGES), mnist.training().pixels());
      assertEquals(4, mirror.requests.size());
      assertEquals(
          "GET http://mirror.example/mnist/train-images-idx3-ubyte.gz HTTP/1.1",
          proxy.lines().get(0));
    }
  }

  @Test
  void secureMirror_isAskedThroughATunnel_andItsCertificateIsChecked() throws Exception {
    PfxOptions certificate = certificate();
    HttpServer mirror =
        TestServer.await(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate))
                .requestHandler(request -> request.response().end(Buffer.buffer(FILE)))
                .listen(0, "127.0.0.1"));
    try (TestProxy proxy = new TestProxy(mirror.actualPort(), CREDENTIALS)) {
      Proxies proxies =
          new Proxies(Map.of("HTTPS_PROXY", "http://me:p%40ss+word@" + proxy.address()));
      URI source = URI.create("https://mirror.example/file");
      Download trusting =
          new Download(
              vertx,
              DatasetSettings.PATIENT,
              proxies,
              new HttpClientOptions().setTrustOptions(certificate));
      assertArrayEquals(FILE, trusting.fetch(source, "file", 100, progress).getBytes());
      assertEquals("CONNECT mirror.example:443 HTTP/1.1", proxy.lines().get(0));
      Download usual = new Download(vertx, DatasetSettings.PATIENT, proxies);
      assertEquals(
          "no trusted connection (by way of the proxy " + proxy.address() + ")",
          fault(usual, source));
    } finally {
      TestServer.await(mirror.close());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, it answers with status 407",
    "https, 'no tunnel, status 407 Proxy Authentication Required'"
  })
  void proxyThatRefuses_isNamed_withoutThePassword(String scheme, String said) throws Exception {
    try (TestProxy proxy = new TestProxy(1, CREDENTIALS)) {
      Proxies proxies =
          new Proxies(Map.of(scheme + "_proxy", "http://me:secret@" + proxy.address()));
      Download download = new Download(vertx, DatasetSettings.PATIENT, proxies);
      assertEquals(
          said + " (by way of the proxy " + proxy.address() + ")",
          fault(download, URI.create(scheme + "://mirror.example/file")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void proxyThatIsNotThere_isNamed(String scheme) throws Exception {
    URI nobody = MirrorServer.nobody();
    Proxies proxies = new Proxies(Map.of(scheme + "_proxy", nobody.toString()));
    Download download = new Download(vertx, DatasetSettings.PATIENT, proxies);
    assertEquals(
        "connection refused (by way of the proxy 127.0.0.1:" + nobody.getPort() + ")",
        fault(download, URI.create(scheme + "://mirror.example/file")));
  }

  @Test
  void redirect_toAHostThatNeedsNoProxy_isFollowedWithoutIt() throws Exception {
    try (MirrorServer mirror = new MirrorServer(fixture)) {
      HttpServer first =
          TestServer.await(
              vertx
                  .createHttpServer()
                  .requestHandler(
                      request ->
                          request
                              .response()
                              .setStatusCode(302)
                              .putHeader("Location", mirror.uri() + request.path().substring(6))
                              .end())
                  .listen(0, "127.0.0.1"));
      try (TestProxy proxy = new TestProxy(first.actualPort(), null)) {
        Dataset mnist = load(Map.of("http_proxy", proxy.address()));
        assertArrayEquals(fixture.items(IdxPart.TEST_LABELS), mnist.test().labels());
        assertEquals(4, proxy.requests.size());
        assertEquals(4, mirror.requests.size());
      } finally {
        TestServer.await(first.close());
      }
    }
  }

  @Test
  void endlessRedirects_areGivenUp() throws Exception {
    HttpServer round =
        TestServer.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request.response().setStatusCode(301).putHeader("Location", "/again").end())
                .listen(0, "127.0.0.1"));
    Download download = new Download(vertx, DatasetSettings.PATIENT, Proxies.NONE);
    URI source = URI.create("http://127.0.0.1:" + round.actualPort() + "/file");
    assertEquals("it sends one from place to place", fault(download, source));
    TestServer.await(round.close());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|https://mirror.example/|direct",
        "other.example|https://mirror.example/|proxy",
        "other.example, mirror.example|https://mirror.example/|direct",
        "other.example mirror.example|https://mirror.example/|direct",
        "MIRROR.example|https://mirror.Example/|direct",
        "example|https://mirror.example/|direct",
        ".example|https://mirror.example/|direct",
        "*.example|https://mirror.example/|direct",
        "rror.example|https://mirror.example/|proxy",
        "mirror.example:443|https://mirror.example/|direct",
        "mirror.example:8443|https://mirror.example/|proxy",
        "mirror.example:8443|https://mirror.example:8443/|direct",
        "10.0.0.0/8|https://10.1.2.3/|direct",
        "10.0.0.0/8|https://11.1.2.3/|proxy",
        "10.0.0.0/x|https://10.1.2.3/|proxy",
        "10.1.2.3|https://10.1.2.3/|direct",
        "1.2.3|https://10.1.2.3/|proxy",
        "fd00::/8|https://[fd00::1]/|direct",
        "[fd00::1]:443|https://[fd00::1]/|direct",
        "''|https://mirror.example/|proxy",
        "''|https://localhost/|direct",
        "''|https://127.0.0.2/|direct",
        "''|https://[::1]/|direct",
        "''|http://mirror.example/|direct"
      })
  void noProxy_listsWhatNeedsNone(String list, String target, String way) throws Exception {
    Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", "proxy.example:3128", "NO_PROXY", list));
    Optional<ProxyOptions> proxy = proxies.forTarget(URI.create(target));
    assertEquals(way.equals("proxy"), proxy.isPresent());
    proxy.ifPresent(
        of -> {
          assertEquals("proxy.example", of.getHost());
          assertEquals(3128, of.getPort());
        });
  }

  @Test
  void lowerCase_comesFirst_unlessItIsEmpty() throws Exception {
    URI target = URI.create("https://mirror.example/");
    Map<String, String> both = Map.of("https_proxy", "http://low", "HTTPS_PROXY", "http://up:1");
    assertEquals("low", new Proxies(both).forTarget(target).orElseThrow().getHost());
    assertEquals(80, new Proxies(both).forTarget(target).orElseThrow().getPort());
    Map<String, String> empty = Map.of("https_proxy", "", "HTTPS_PROXY", "http://up:1");
    assertEquals("up", new Proxies(empty).forTarget(target).orElseThrow().getHost());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://me:secret@x:1",
        "https://me:secret@x:1",
        "http://me:secret @x",
        "http://"
      })
  void variableThatNamesNoProxy_isNamed_withoutThePassword(String value) {
    Download download =
        new Download(vertx, DatasetSettings.PATIENT, new Proxies(Map.of("HTTPS_PROXY", value)));
    String said = fault(download, URI.create("https://mirror.example/file"));
    assertTrue(said.startsWith("HTTPS_PROXY must be http://HOST:PORT"), said);
    assertFalse(said.contains("secret"), said);
  }

  private Dataset load(Map<String, String> environment) throws DatasetException {
    DatasetSettings settings =
        fixture.settings(
            folder, DatasetSettings.PATIENT, URI.create("http://mirror.example/mnist/"));
    return new Datasets(
            settings, () -> new Download(vertx, settings.timeouts(), new Proxies(environment)))
        .load("mnist", MnistFixture.TRAINING, 1_000, progress);
  }

  private String fault(Download download, URI source) {
    return assertThrows(MirrorFault.class, () -> download.fetch(source, "file", 100, progress))
        .getMessage();
  }

  /** Of mirror.example, signed by itself. */
  private PfxOptions certificate() throws Exception {
    Path store = folder.resolve("mirror.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "mirror",
                "-dname",
                "CN=mirror.example",
                "-ext",
                "SAN=dns:mirror.example",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, keytool.waitFor());
    return new PfxOptions().setPath(store.toString()).setPassword("password");
  }
}
