package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A server that is killed right after it has answered, and what becomes of the answer. */
@Execution(ExecutionMode.CONCURRENT)
class AnswerCrashTest {
  /** A step takes so long that the server is dead before a training can have stopped. */
  private static final String LONG_STEPS =
      "{\"trainingExamples\":5000,\"batchSize\":5000,\"testExamples\":1,\"epochs\":1000,"
          + "\"hiddenLayers\":[512,128],\"lens\":false}";

  @TempDir Path dataDir;

  @Test
  void cancel_pace_andKey_areKept() throws Exception {
    // Takes connections, and answers nothing.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String mirror = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      String[] flags = {"--runs", "3", "--workers", "6", "--mirrors", mirror};
      String computing;
      String waiting;
      String paced;
      String answer;
      try (ServerProcess server = ServerProcess.start(dataDir, flags)) {
        HttpResponse<String> started = start(server, "{\"epochs\":500,\"iterationsPerSecond\":5}");
        answer = started.body();
        paced = new JsonObject(answer).getString("id");
        waiting = server.startRun("{\"trainingExamples\":6000}");
        computing = server.startRun(LONG_STEPS);
        String id = computing;
        TestServer.until(() -> training(server.run(id)).getInteger("iteration") > 0);
        assertEquals(
            200,
            server
                .post("/api/runs/" + paced + "/pace", "{\"iterationsPerSecond\":7}")
                .statusCode());
        assertEquals(202, server.post("/api/runs/" + waiting + "/cancel", "").statusCode());
        assertEquals(202, server.post("/api/runs/" + computing + "/cancel", "").statusCode());
        server.kill();
      }
      try (ServerProcess server = ServerProcess.start(dataDir, flags)) {
        for (String id : List.of(computing, waiting)) {
          assertEquals("cancelled", server.run(id).getString("status"));
          assertEquals("cancelled", training(server.run(id)).getString("status"));
        }
        assertEquals(7, server.run(paced).getJsonObject("pace").getDouble("iterationsPerSecond"));
        HttpResponse<String> again = start(server, "{\"iterationsPerSecond\":5,\"epochs\":500}");
        assertEquals(201, again.statusCode());
        assertEquals(answer, again.body());
        HttpResponse<String> other = start(server, "{}");
        assertEquals(422, other.statusCode(), other.body());
        assertEquals(3, runs(server).size());
      }
    }
  }

  private static HttpResponse<String> start(ServerProcess server, String json) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/runs"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject training(JsonObject run) {
    return run.getJsonArray("trainings").getJsonObject(0);
  }

  private static JsonArray runs(ServerProcess server) {
    return new JsonObject(server.get("/api/runs").body()).getJsonArray("runs");
  }
}
