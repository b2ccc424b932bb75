package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.ServerProcess;
import dev.tandem.TestServer;
import dev.tandem.store.LongRun;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** All that can be asked of a run of two million losses, of a server with little memory. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("LongAnswersTest")
class LongAnswersTest {
  private static final int ITERATIONS = 1_000_000;
  private static final String RUN = "/api/runs/" + LongRun.ID;
  private static final int DEAF = 20;

  /** Bounds a hang, nothing else. */
  private static final Duration HANG = Duration.ofMinutes(2);

  @TempDir static Path dataDir;
  private static ServerProcess server;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    LongRun.write(dataDir, 2);
    server = ServerProcess.start(dataDir, List.of("-Xmx160m"), Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** First: a stack that grows with the rows is deepest before anything is compiled. */
  @Test
  @Order(1)
  void curves_asBrowsersAskForThem_arriveWhole() {
    assertTimeoutPreemptively(
        HANG,
        () -> {
          HttpResponse<InputStream> answer = open(RUN + "/curves.csv", "gzip");
          assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElse(""));
          try (BufferedReader rows = lines(new GZIPInputStream(answer.body()))) {
            assertTrue(rows.readLine().startsWith("variant,iteration,"));
            for (String variant : List.of("v0", "v1")) {
              for (int i = 1; i <= ITERATIONS; i++) {
                String row = rows.readLine();
                if (i % 1000 == 0 || i < 10) {
                  String begins =
                      "%s,%d,%d,%s,"
                          .formatted(variant, i, (i - 1) / 1000 + 1, LongRun.loss(variant, i));
                  assertTrue(row.startsWith(begins), row);
                }
              }
            }
            assertEquals(null, rows.readLine());
          }
        });
  }

  @Test
  void events_areStreamed_everyLossOnceAndInOrder() {
    assertTimeoutPreemptively(
        HANG,
        () -> {
          HttpResponse<InputStream> answer = open(RUN + "/events", "identity");
          assertEquals("chunked", answer.headers().firstValue("Transfer-Encoding").orElse(""));
          int[] counts = new int[2];
          long before = 0;
          try (JsonParser json = new JsonFactory().createParser(answer.body())) {
            assertEquals(JsonToken.START_ARRAY, json.nextToken());
            while (json.nextToken() == JsonToken.START_OBJECT) {
              before = event(json, before, counts);
            }
            assertEquals(JsonToken.END_ARRAY, json.currentToken());
            assertEquals(null, json.nextToken());
          }
          assertEquals(ITERATIONS, counts[0]);
          assertEquals(ITERATIONS, counts[1]);
          // As many as the run's row says there are.
          assertEquals(2 + 2 * 2000 + 2, before);
        });
  }

  /** Reads one event; its number. */
  private static long event(JsonParser json, long before, int[] counts) throws IOException {
    long seq = 0;
    int variant = 0;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "seq" -> seq = json.getLongValue();
        case "variant" -> variant = json.getText().equals("v0") ? 0 : 1;
        case "from" -> assertEquals(counts[variant] + 1, json.getIntValue());
        case "losses" -> {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            counts[variant]++;
          }
        }
        default -> json.skipChildren();
      }
    }
    assertTrue(seq > before, seq + " after " + before);
    return seq;
  }

  @Test
  void clientsWhoReadNothing_leaveTheServerAsItWas() throws Exception {
    List<Socket> deaf = new ArrayList<>();
    try {
      for (int i = 0; i < DEAF; i++) {
        Socket socket = new Socket();
        deaf.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        String path = i % 2 == 0 ? "/events" : "/curves.csv";
        socket
            .getOutputStream()
            .write(
                ("GET " + RUN + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        // Its answer has begun.
        assertEquals('H', socket.getInputStream().read());
      }
      events_areStreamed_everyLossOnceAndInOrder();
      assertEquals(200, server.get("/health/ready").statusCode());
      assertTrue(!server.log().contains("OutOfMemory"), server.log());
    } finally {
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  @Test
  void pointsBeyondTheBound_areRefused_withTheBound() {
    HttpResponse<String> answer = server.get(RUN + "/events?resolution=1000000");
    assertEquals(400, answer.statusCode());
    String words =
        "makes 2,000,000 points with 2 trainings; at most 500,000 are possible, 250,000 of each";
    assertEquals(
        words, new JsonObject(answer.body()).getJsonObject("errors").getString("resolution"));
    assertEquals(400, server.get(RUN + "/smoothed?resolution=1000000").statusCode());
    assertEquals(400, server.get(RUN + "/smoothed?weight=1").statusCode());
    Vertx vertx = Vertx.vertx();
    try {
      var closed = new LinkedBlockingQueue<String>();
      TestServer.await(
          vertx
              .createWebSocketClient()
              .connect(server.port(), "127.0.0.1", RUN + "/live?resolution=1000000")
              .onSuccess(
                  socket ->
                      socket.closeHandler(
                          end -> closed.add(socket.closeStatusCode() + socket.closeReason()))));
      assertEquals("1008resolution " + words, closed.poll(TestServer.SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      TestServer.await(vertx.close());
    }
  }

  @Test
  void thinnedHistory_comesInFrames_andIsWhatTheEventsSay() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      var frames = new LinkedBlockingQueue<JsonArray>();
      WebSocket socket =
          TestServer.await(
              vertx
                  .createWebSocketClient()
                  .connect(server.port(), "127.0.0.1", RUN + "/live?resolution=60001")
                  .onSuccess(
                      open -> open.textMessageHandler(text -> frames.add(new JsonArray(text)))));
      JsonArray followed = new JsonArray();
      int count = 0;
      do {
        JsonArray frame = frames.poll(TestServer.SECONDS, TimeUnit.SECONDS);
        followed.addAll(frame);
        count++;
      } while (!isEnd(followed));
      TestServer.await(socket.close());
      assertTrue(count > 5, count + " frames");
      assertEquals(followed, new JsonArray(server.get(RUN + "/events?resolution=60001").body()));
      long last = 0;
      int points = 0;
      for (Object each : followed) {
        JsonObject event = (JsonObject) each;
        if (!event.getString("type").equals("steps") || !event.getString("variant").equals("v1")) {
          continue;
        }
        for (int i = 0; i < event.getJsonArray("iterations").size(); i++) {
          long iteration = event.getJsonArray("iterations").getLong(i);
          assertTrue(iteration > last);
          last = iteration;
          points++;
          assertEquals(LongRun.loss("v1", iteration), event.getJsonArray("losses").getFloat(i));
        }
      }
      assertEquals(ITERATIONS, last);
      assertTrue(points > 50_000 && points <= 60_001, points + " points");
    } finally {
      TestServer.await(vertx.close());
    }
  }

  private static boolean isEnd(JsonArray events) {
    JsonObject last = events.getJsonObject(events.size() - 1);
    return last.getString("type").equals("run") && last.getString("status").equals("completed");
  }

  private HttpResponse<InputStream> open(String path, String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Accept-Encoding", encoding)
            .build();
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    return answer;
  }

  private static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
