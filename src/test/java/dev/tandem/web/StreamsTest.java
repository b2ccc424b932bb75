package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.live.Pieces;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long answers on real sockets, of pieces that are counted. */
class StreamsTest {
  private static final int COUNT = 5000;
  private static final String PIECE = "0123456789".repeat(2000);

  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor encoders = vertx.createSharedWorkerExecutor("encoders", 2);
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private IntFunction<String> pieces = number -> PIECE;
  private int count = COUNT;
  private int port;

  @BeforeEach
  void start() {
    Streams streams = new Streams(encoders);
    Router router = Router.router(vertx);
    router
        .get("/")
        .handler(context -> streams.answer(context, "text/plain", new Pieces(all(), this::close)));
    port =
        TestServer.await(
                vertx
                    .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1"))
            .actualPort();
  }

  @AfterEach
  void stop() {
    TestServer.await(vertx.close());
  }

  @Test
  void thousandsOfPieces_arriveWhole_compressedAndNot() throws Exception {
    byte[] all = PIECE.repeat(count).getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(all, ask("identity").body().readAllBytes());
    try (InputStream in = new GZIPInputStream(ask("gzip").body())) {
      assertArrayEquals(all, in.readAllBytes());
    }
    TestServer.until(() -> closed.get() == 2);
  }

  @Test
  void shortAnswer_comesAtOnce() throws Exception {
    count = 1;
    HttpResponse<InputStream> answer = ask("identity");
    assertEquals(PIECE.length(), answer.headers().firstValueAsLong("Content-Length").orElse(0));
    count = 0;
    assertEquals(0, ask("identity").body().readAllBytes().length);
    assertEquals(2, closed.get());
  }

  @Test
  void readerWhoTakesNothing_hasFewPiecesMade_andNoneOnceItHasGone() throws Exception {
    try (Socket deaf = new Socket("127.0.0.1", port)) {
      deaf.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', deaf.getInputStream().read());
      // Others are answered meanwhile, whole.
      assertEquals(COUNT * PIECE.length(), ask("identity").body().readAllBytes().length);
      // What the system's buffers hold, of 100 MB.
      assertTrue(made.get() < COUNT + COUNT / 2, made + " pieces");
    }
    TestServer.until(() -> closed.get() == 2);
  }

  @Test
  void answerThatCannotBeFinished_isBrokenOff() throws Exception {
    pieces =
        number -> {
          if (number == 50) {
            throw new IllegalStateException("of the test");
          }
          return PIECE;
        };
    InputStream body = ask("identity").body();
    assertThrows(IOException.class, body::readAllBytes);
    TestServer.until(() -> closed.get() == 1);
  }

  private void close() {
    closed.incrementAndGet();
  }

  private Iterator<String> all() {
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              made.incrementAndGet();
              return pieces.apply(number);
            })
        .iterator();
  }

  private HttpResponse<InputStream> ask(String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .header("Accept-Encoding", encoding)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }
}
