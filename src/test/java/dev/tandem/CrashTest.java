package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed or stopped in the middle of a run, and what the next one makes of it. */
class CrashTest {
  private static final String RUN = "{\"epochs\":60,\"trainingExamples\":3000,\"seed\":5}";
  private static final int ITERATIONS = 60 * 50;

  /** In the suite; {@code -Dtandem.kills=20} for the long form. */
  private static final int KILLS = Integer.getInteger("tandem.kills", 3);

  @TempDir Path dataDir;
  @TempDir Path otherDir;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();

  @Test
  void killedServer_losesNothingThatWasSeen_andTheRunEndsAsIfNothingHadHappened() throws Exception {
    Random random = new Random(1);
    String url = start(dataDir);
    String id = post(url);
    JsonArray seen = new JsonArray();
    for (int kill = 0; kill < KILLS; kill++) {
      int least = iterations(seen) + 1 + random.nextInt(ITERATIONS / KILLS);
      while (iterations(seen) < least && !ended(url, id)) {
        seen = new JsonArray(get(url + "/api/runs/" + id + "/events").body());
      }
      last().destroyForcibly().waitFor();
      url = start(dataDir);
      assertStartsWith(seen, new JsonArray(get(url + "/api/runs/" + id + "/events").body()));
    }
    String resumed = url;
    TestServer.until(() -> ended(resumed, id));
    assertEquals(
        "completed", new JsonObject(get(url + "/api/runs/" + id).body()).getString("status"));
    assertRisingWithoutGaps(new JsonArray(get(url + "/api/runs/" + id + "/events").body()));
    assertEquals(uninterrupted(), curves(url, id));
  }

  @Test
  void stoppedServer_keepsWhatTrains_andTheNextOneGoesOn() throws Exception {
    String url = start(dataDir);
    String id = post(url);
    String events = url + "/api/runs/" + id + "/events";
    TestServer.until(() -> iterations(new JsonArray(get(events).body())) > 300);
    last().toHandle().destroy();
    assertTrue(last().waitFor(10, TimeUnit.SECONDS));

    String resumed = start(dataDir);
    TestServer.until(() -> ended(resumed, id));
    assertEquals(uninterrupted(), curves(resumed, id));

    HttpResponse<byte[]> model =
        http.send(
            HttpRequest.newBuilder(URI.create(resumed + "/api/runs/" + id + "/models/batch"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, model.statusCode());
    var network =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(model.body()), false);
    assertEquals(784 * 128 + 128 + 4 * 128 + 128 * 64 + 64 + 4 * 64 + 650, network.numParams());
  }

  @Test
  void serverWithoutResuming_endsUnfinishedRunsAsInterrupted() throws Exception {
    String url = start(dataDir);
    String id = post(url);
    TestServer.until(
        () -> iterations(new JsonArray(get(url + "/api/runs/" + id + "/events").body())) > 0);
    last().destroyForcibly().waitFor();
    String next = start(dataDir, "--no-resume");
    JsonObject run = new JsonObject(get(next + "/api/runs/" + id).body());
    assertEquals("interrupted", run.getString("status"));
    assertEquals("interrupted", run.getJsonArray("trainings").getJsonObject(0).getString("status"));
  }

  @Test
  void secondServer_onTheSameData_isRefused() throws Exception {
    start(dataDir);
    Process second = launch(dataDir);
    String errors = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, second.waitFor());
    assertEquals(1, errors.lines().count(), errors);
    assertTrue(errors.startsWith("Another Tandem uses the data directory"), errors);
  }

  @org.junit.jupiter.api.AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  private List<String> uninterrupted() throws Exception {
    String url = start(otherDir);
    String id = post(url);
    TestServer.until(() -> ended(url, id));
    return curves(url, id);
  }

  /** Every iteration, and every look into the layers. */
  private List<String> curves(String url, String id) {
    List<String> rows = new ArrayList<>();
    for (String part : List.of("curves.csv", "layers.csv")) {
      get(url + "/api/runs/" + id + "/" + part).body().lines().forEach(rows::add);
    }
    new JsonArray(get(url + "/api/runs/" + id + "/events").body())
        .stream()
            .map(JsonObject.class::cast)
            .filter(event -> event.getString("type").equals("histograms"))
            .map(event -> event.getString("variant") + event.getJsonArray("counts"))
            .sorted()
            .forEach(rows::add);
    return rows;
  }

  private boolean ended(String url, String id) {
    String status = new JsonObject(get(url + "/api/runs/" + id).body()).getString("status");
    assertFalse(List.of("failed", "cancelled", "interrupted").contains(status), status);
    return status.equals("completed");
  }

  private static int iterations(JsonArray events) {
    return losses(events).getOrDefault("none", List.of()).size();
  }

  private static Map<String, List<Object>> losses(JsonArray events) {
    Map<String, List<Object>> losses = new HashMap<>();
    for (Object event : events) {
      JsonObject of = (JsonObject) event;
      if (of.getString("type").equals("steps")) {
        List<Object> list = losses.computeIfAbsent(of.getString("variant"), v -> new ArrayList<>());
        assertEquals(list.size() + 1, of.getInteger("from"));
        of.getJsonArray("losses").forEach(list::add);
      }
    }
    return losses;
  }

  /** Every event that was seen is there still, with its number, and every loss. */
  private static void assertStartsWith(JsonArray seen, JsonArray now) {
    Map<String, List<Object>> after = losses(now);
    losses(seen)
        .forEach(
            (variant, losses) ->
                assertEquals(losses, after.get(variant).subList(0, losses.size())));
    for (Object event : seen) {
      if (!((JsonObject) event).getString("type").equals("steps")) {
        assertTrue(now.contains(event), () -> event + " is gone");
      }
    }
  }

  private static void assertRisingWithoutGaps(JsonArray events) {
    long before = 0;
    for (Object event : events) {
      long seq = ((JsonObject) event).getLong("seq");
      assertTrue(seq > before);
      before = seq;
    }
    assertEquals(ITERATIONS, losses(events).get("none").size());
    assertEquals(ITERATIONS, losses(events).get("batch").size());
    long epochs =
        events.stream().filter(e -> ((JsonObject) e).getString("type").equals("epoch")).count();
    assertEquals(120, epochs);
  }

  private String post(String url) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url + "/api/runs"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(RUN))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(201, answer.statusCode());
      return new JsonObject(answer.body()).getString("id");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(String url) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String start(Path directory, String... flags) throws IOException {
    BufferedReader out = launch(directory, flags).inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    assertTrue(line != null && line.startsWith("Tandem is at "), line);
    return line.substring(line.indexOf("http"));
  }

  private Process launch(Path directory, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tandem.Tandem"));
    command.addAll(List.of("--port", "0", "--data-dir", directory.toString()));
    command.addAll(List.of(flags));
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    return process;
  }

  private Process last() {
    return processes.get(processes.size() - 1);
  }
}
