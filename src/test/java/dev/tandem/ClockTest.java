package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.web.Access;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The machine's clock is set back or forward while the server runs, or between two of them. */
@Execution(ExecutionMode.CONCURRENT)
class ClockTest {
  private static final String TOKEN = "correct-horse-battery";
  private static final String SMALL =
      "{\"trainingExamples\":120,\"testExamples\":10,\"epochs\":1,\"hiddenLayers\":[4]}";
  private static final String LONG =
      "{\"epochs\":1000,\"hiddenLayers\":[16],\"iterationsPerSecond\":200}";

  @TempDir Path dataDir;
  private final Hands clock = new Hands();
  private final List<String> started = new ArrayList<>();
  private TestServer server;

  private void start(int startsPerMinute) {
    Access access =
        new Access(
            Optional.of(TOKEN),
            false,
            Set.of(),
            100,
            100,
            startsPerMinute,
            Access.DEFAULTS.patience());
    server =
        TestServer.start(
            TestServer.settings("127.0.0.1", dataDir, 1, Optional.empty(), List.of(), access),
            clock);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void runs_keepTheirOrder_andEndAfterTheyBegan() {
    start(100);
    started.add(completed());
    clock.turn(Duration.ofHours(-1));
    started.add(completed());
    String running = id(post("/api/runs", LONG));
    started.add(running);
    TestServer.until(() -> iteration(running) > 100);
    clock.turn(Duration.ofHours(-1));
    int before = iteration(running);
    TestServer.until(() -> iteration(running) > before + 100);
    server.close();

    // The next server's clock knows nothing of the last one's.
    clock.turn(Duration.ofHours(-1));
    start(100);
    int resumed = iteration(running);
    TestServer.until(() -> iteration(running) > resumed + 100);
    assertEquals(202, post("/api/runs/" + running + "/cancel", "").statusCode());
    server.awaitStatus(running, "cancelled");
    started.add(completed());
    clock.turn(Duration.ofDays(1));
    started.add(completed());
    started.add(completed());

    List<String> listed = new ArrayList<>();
    for (Object of : new JsonObject(server.get("/api/runs").body()).getJsonArray("runs")) {
      JsonObject run = (JsonObject) of;
      listed.add(run.getString("id"));
      Instant created = run.getInstant("createdAt");
      Instant began = run.getInstant("startedAt");
      assertFalse(began.isBefore(created), run::encodePrettily);
      assertFalse(run.getInstant("finishedAt").isBefore(began), run::encodePrettily);
    }
    Collections.reverse(started);
    assertEquals(started, listed);
  }

  @Test
  void sessions_lastThroughJumps_andEndAfterAWeek() {
    start(100);
    String cookie =
        post("/api/session", new JsonObject().put("token", TOKEN).encode())
            .headers()
            .firstValue("set-cookie")
            .orElseThrow()
            .split(";")[0];
    for (Duration jump : List.of(Duration.ofHours(-1), Duration.ofDays(1))) {
      clock.turn(jump);
      assertTrue(isSignedIn(cookie), "after " + jump);
    }
    clock.turn(Duration.ofDays(7));
    assertFalse(isSignedIn(cookie));
  }

  @Test
  void startsPerMinute_areOfRealMinutes() {
    start(2);
    for (int i = 0; i < 2; i++) {
      assertEquals(201, post("/api/runs", SMALL).statusCode());
    }
    for (Duration jump : List.of(Duration.ofHours(-1), Duration.ofDays(1))) {
      clock.turn(jump);
      assertEquals(429, post("/api/runs", SMALL).statusCode(), "after " + jump);
    }
  }

  private boolean isSignedIn(String cookie) {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/session"))
                .header("Cookie", cookie)
                .build());
    return new JsonObject(answer.body()).getBoolean("signedIn");
  }

  private String completed() {
    String id = id(post("/api/runs", SMALL));
    server.awaitStatus(id, "completed");
    return id;
  }

  private static String id(HttpResponse<String> answer) {
    assertEquals(201, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getString("id");
  }

  private int iteration(String id) {
    return server.run(id).getJsonArray("trainings").getJsonObject(0).getInteger("iteration");
  }

  private HttpResponse<String> post(String path, String json) {
    return server.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** The system's clock, which can be turned. */
  private static final class Hands extends Clock {
    private volatile Duration turned = Duration.ZERO;

    void turn(Duration by) {
      turned = turned.plus(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(turned);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
