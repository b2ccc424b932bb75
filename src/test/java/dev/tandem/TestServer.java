package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.dl4j.BackendChoice;
import dev.tandem.run.WireCodec;
import dev.tandem.web.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The whole server on a free port, and clients for it. */
public final class TestServer implements AutoCloseable {
  /**
   * How long anything is waited for: it only bounds a hang, so no machine that is slow or busy with
   * other things comes near it. All waits of the suite have this bound.
   */
  public static final int SECONDS = 120;

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Vertx clientVertx = Vertx.vertx();
  private final WebSocketClient sockets = clientVertx.createWebSocketClient();
  private final Server server;

  private TestServer(Server server) {
    this.server = server;
  }

  public static TestServer start(Path dataDir) {
    return start(dataDir, 1, List.of());
  }

  public static TestServer start(Path dataDir, int runsAtATime, List<URI> mirrors) {
    return start(
        settings("127.0.0.1", dataDir, runsAtATime, Optional.empty(), mirrors, Access.DEFAULTS));
  }

  public static TestServer start(Path dataDir, Access access) {
    return start(settings("127.0.0.1", dataDir, 1, Optional.empty(), List.of(), access));
  }

  public static Settings settings(
      String host,
      Path dataDir,
      int runsAtATime,
      Optional<Path> datasets,
      List<URI> mirrors,
      Access access) {
    return new Settings(
        host,
        0,
        dataDir,
        Optional.empty(),
        1000,
        true,
        2,
        runsAtATime,
        BackendChoice.AUTO,
        datasets,
        mirrors,
        access);
  }

  public static TestServer start(Settings settings) {
    return new TestServer(await(Server.start(settings)));
  }

  /** With a clock that a test may turn. */
  public static TestServer start(Settings settings, Clock clock) {
    return new TestServer(await(Server.start(settings, clock)));
  }

  /** With messages that are encoded and decoded, as if the server were several machines. */
  public static TestServer startOnWires(Settings settings) {
    return new TestServer(await(Server.start(settings, Clock.systemUTC(), WireCodec::register)));
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url() + path)).build());
  }

  public HttpResponse<String> delete(String path) {
    return send(HttpRequest.newBuilder(URI.create(url() + path)).DELETE().build());
  }

  public HttpResponse<String> post(String path, String json) {
    return post(path, json, "application/json");
  }

  public HttpResponse<String> post(String path, String body, String contentType) {
    return send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(request.toString(), e);
    }
  }

  /** Starts a run; its answer. */
  public JsonObject startRun(String json) {
    HttpResponse<String> answer = post("/api/runs", json);
    assertEquals(201, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  public JsonObject run(String id) {
    return new JsonObject(get("/api/runs/" + id).body());
  }

  /** The run once its status is one of those, in vain for {@value #SECONDS} s at most. */
  public JsonObject awaitStatus(String id, String... statuses) {
    until(() -> List.of(statuses).contains(run(id).getString("status")));
    return run(id);
  }

  public JsonArray events(String id) {
    return new JsonArray(get("/api/runs/" + id + "/events").body());
  }

  /** Connects a WebSocket. */
  public Frames follow(String path) {
    BlockingQueue<JsonArray> frames = new LinkedBlockingQueue<>();
    ClientWebSocket socket = sockets.webSocket();
    // Before it is open: what came before somebody listened would be lost.
    socket.textMessageHandler(text -> frames.add(new JsonArray(text)));
    return new Frames(frames, await(socket.connect(server.port(), "127.0.0.1", path)));
  }

  public WebSocketClient sockets() {
    return sockets;
  }

  public int port() {
    return server.port();
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Returns when the condition holds; fails when it doesn't for too long. */
  public static void until(BooleanSupplier condition) {
    until(condition, SECONDS);
  }

  public static void until(BooleanSupplier condition, int seconds) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long waited = System.nanoTime() - began;
      if (waited > TimeUnit.SECONDS.toNanos(seconds)) {
        throw new AssertionError("not within " + seconds + " s");
      }
      // What takes long is asked for less often: it is not to be slowed by that.
      LockSupport.parkNanos(Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, waited / 20)));
    }
  }

  @Override
  public void close() {
    try {
      server.close().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      await(clientVertx.close());
    }
  }

  /** What a WebSocket has brought. */
  public record Frames(BlockingQueue<JsonArray> queue, io.vertx.core.http.WebSocket socket) {
    /** The next frame. */
    public JsonArray next() {
      try {
        JsonArray frame = queue.poll(SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("no frame within " + SECONDS + " s");
        }
        return frame;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** All events up to the run's end. */
    public JsonArray untilEnd() {
      JsonArray all = new JsonArray();
      while (!endsRun(all)) {
        all.addAll(next());
      }
      return all;
    }

    private static boolean endsRun(JsonArray events) {
      if (events.isEmpty()) {
        return false;
      }
      JsonObject last = events.getJsonObject(events.size() - 1);
      return last.getString("type").equals("run")
          && !List.of("queued", "running").contains(last.getString("status"));
    }
  }
}
