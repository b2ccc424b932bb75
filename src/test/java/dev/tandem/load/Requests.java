package dev.tandem.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A mix of requests that clients make, and of such as none should make; seeded. */
final class Requests {
  private static final String SMALL =
      "{\"trainingExamples\":300,\"testExamples\":50,\"epochs\":2,\"hiddenLayers\":[16]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final long seed;
  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private double seconds;

  Requests(String url, long seed) {
    this.url = url;
    this.seed = seed;
    runs.add("20260101-000000-000-none");
  }

  private record Answer(boolean sound, int status, long nanos) {}

  /** Sends so many, from so many clients at once; each waits for its answer. */
  void send(int count, int clients) throws Exception {
    AtomicInteger left = new AtomicInteger(count);
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    long began = System.nanoTime();
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        Random random = new Random(seed * 1000 + client);
        done.add(
            threads.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    one(random);
                  }
                  return null;
                }));
      }
      for (Future<?> client : done) {
        client.get();
      }
    } finally {
      threads.shutdownNow();
    }
    seconds = (System.nanoTime() - began) / 1e9;
  }

  private void one(Random random) throws Exception {
    boolean sound = random.nextInt(3) > 0;
    HttpRequest request = sound ? sound(random) : bad(random);
    long began = System.nanoTime();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    answers.add(new Answer(sound, answer.statusCode(), System.nanoTime() - began));
    look(request, answer, sound);
    if (answer.statusCode() == 201) {
      runs.add(new JsonObject(answer.body()).getString("id"));
    }
  }

  private HttpRequest sound(Random random) {
    String run = runs.get(random.nextInt(runs.size()));
    return switch (random.nextInt(15)) {
      case 0 -> get("/api/runs");
      case 1 -> get("/api/runs?limit=20&before=" + run);
      case 2 -> get("/api/runs/" + run);
      case 3 -> get("/api/runs/" + run + "/events?resolution=100");
      case 4 -> get("/api/runs/" + run + "/events?after=10");
      case 5 -> get("/api/runs/" + run + "/curves.csv");
      case 6 -> get("/api/runs/" + run + "/models/batch");
      case 7 -> get("/api/schema");
      case 8 -> get("/metrics");
      case 9 -> get("/health/ready");
      case 10 -> get("/");
      case 11 -> get("/app.js");
      case 12 -> post("/api/runs/" + run + "/cancel", "", "application/json");
      case 13 ->
          random.nextBoolean() ? to("/api/runs/" + run).DELETE().build() : get("/api/backend");
      default -> post("/api/runs", SMALL, "application/json");
    };
  }

  private HttpRequest bad(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> post("/api/runs", "{\"epochs\":", "application/json");
      case 1 -> post("/api/runs", "{\"epochs\":0,\"batchSize\":\"x\",\"a\":1}", "application/json");
      case 2 -> post("/api/runs", "[" + "[".repeat(2000), "application/json");
      case 3 -> post("/api/runs", SMALL, "text/plain");
      case 4 -> post("/api/runs", "\"" + "x".repeat(70_000) + "\"", "application/json");
      case 5 -> get("/api/runs/" + Long.toString(random.nextLong(), 36));
      case 6 -> get("/api/runs/nope/events?after=-1&resolution=x");
      case 7 -> get("/api/runs?limit=" + random.nextInt());
      case 8 -> get("/..%2f..%2fetc%2fpasswd");
      case 9 -> get("/nothing/" + random.nextInt(1000));
      case 10 -> get("/api/runs/" + "x".repeat(5000));
      case 11 -> to("/api/runs").method("PATCH", BodyPublishers.ofString("{}")).build();
      case 12 ->
          to("/api/runs")
              .header("Origin", "http://evil.example")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(SMALL))
              .build();
      default -> get("/api/runs/nope/live");
    };
  }

  private HttpRequest get(String path) {
    return to(path).build();
  }

  private HttpRequest post(String path, String body, String type) {
    return to(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)).build();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  private void look(HttpRequest request, HttpResponse<String> answer, boolean sound) {
    int status = answer.statusCode();
    String what = request.method() + " " + request.uri().getPath() + ": " + status;
    boolean deliberate =
        (status == 503 || status == 429) && answer.headers().firstValue("retry-after").isPresent();
    if (status >= 500 && !deliberate) {
      faults.add(what + " " + answer.body());
    }
    if (!sound && status < 400) {
      faults.add(what + " though it was bad");
    }
    String body = answer.body();
    if (body.contains("Exception") || body.contains("\tat ")) {
      faults.add(what + " with a trace: " + body);
    }
    String type = answer.headers().firstValue("content-type").orElse("");
    if (status >= 400 && !type.equals("application/problem+json")) {
      faults.add(what + " as " + type);
    }
    if (status == 200 && type.equals("application/json")) {
      // Whole, whatever was going on.
      Object json = body.startsWith("[") ? new JsonArray(body) : new JsonObject(body);
      if (json.toString().isEmpty()) {
        faults.add(what + " empty");
      }
    }
  }

  /** What was not as it should be. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  int count() {
    return answers.size();
  }

  void print(PrintStream out) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    answers.forEach(answer -> statuses.merge(answer.status, 1, Integer::sum));
    out.printf("%,d requests in %.1f s, by status %s%n", answers.size(), seconds, statuses);
    for (boolean sound : new boolean[] {true, false}) {
      long[] nanos =
          answers.stream()
              .filter(a -> a.sound == sound)
              .mapToLong(Answer::nanos)
              .sorted()
              .toArray();
      out.printf(
          "  %s: median %.1f ms, 95th percentile %.1f ms, 99th %.1f ms, slowest %.1f ms%n",
          sound ? "good ones" : "bad ones",
          nanos[nanos.length / 2] / 1e6,
          nanos[nanos.length * 95 / 100] / 1e6,
          nanos[nanos.length * 99 / 100] / 1e6,
          nanos[nanos.length - 1] / 1e6);
    }
  }
}
