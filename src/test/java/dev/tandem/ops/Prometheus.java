package dev.tandem.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.TestServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Prometheus with the repository's configuration, but for whom it scrapes. */
final class Prometheus implements AutoCloseable {
  /** As in {@code grafana/prometheus.yml}. */
  private static final String TARGET = "tandem:8080";

  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:(?:tandem|vertx|jvm|javacpp|process|system)_\\w+|up|ALERTS)\\b");

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI api;
  private final Instant started = Instant.now();

  private Prometheus(Process process, int port) {
    this.process = process;
    this.api = URI.create("http://127.0.0.1:" + port);
  }

  /** Starts it in an empty folder. */
  static Prometheus start(Path folder, int scrapedPort) throws Exception {
    Path program = Tool.required("prometheus", "prometheus");
    String config = Repository.read(Repository.GRAFANA.resolve("prometheus.yml"));
    if (!config.contains(TARGET)) {
      throw new AssertionError("prometheus.yml does not scrape " + TARGET);
    }
    Files.writeString(
        folder.resolve("prometheus.yml"), config.replace(TARGET, "127.0.0.1:" + scrapedPort));
    Files.copy(Repository.GRAFANA.resolve("alerts.yml"), folder.resolve("alerts.yml"));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Prometheus prometheus = new Prometheus(process, port);
    try {
      Await.until("Prometheus is ready", () -> prometheus.isReady(folder), ready -> ready);
    } catch (Exception | AssertionError e) {
      prometheus.close();
      throw e;
    }
    return prometheus;
  }

  private boolean isReady(Path folder) throws Exception {
    if (!process.isAlive()) {
      throw new AssertionError("Prometheus ended: " + Files.readString(folder.resolve("log")));
    }
    try {
      return client
              .send(
                  HttpRequest.newBuilder(api.resolve("/-/ready")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What is wrong with an expression: it doesn't parse, names a metric that nobody exports, or has
   * no data. Nothing wrong: an empty list.
   *
   * @param instant asked for now alone, not since this Prometheus started
   */
  List<String> faults(String expression, boolean instant) throws Exception {
    List<String> faults = new ArrayList<>(unknownMetrics(expression));
    Instant now = Instant.now();
    JsonNode answer =
        instant
            ? get("/api/v1/query", Map.of("query", expression))
            : get(
                "/api/v1/query_range",
                Map.of(
                    "query",
                    expression,
                    "start",
                    started.toString(),
                    "end",
                    now.toString(),
                    "step",
                    "1"));
    if (!answer.path("status").asText().equals("success")) {
      faults.add(answer.path("error").asText());
    } else if (samples(answer.path("data").path("result")).stream().allMatch("NaN"::equals)) {
      faults.add("no data");
    }
    return faults;
  }

  /** Metrics of an expression that are not there: an {@code or} could hide it. */
  List<String> unknownMetrics(String expression) throws Exception {
    Set<String> known = new HashSet<>(labelValues(null, "__name__"));
    Matcher matcher = METRIC.matcher(STRING.matcher(expression).replaceAll("\"\""));
    return matcher
        .results()
        .map(result -> result.group())
        .filter(name -> !known.contains(name))
        .map(name -> "unknown metric " + name)
        .distinct()
        .toList();
  }

  private static List<String> samples(JsonNode result) {
    List<String> samples = new ArrayList<>();
    for (JsonNode series : result) {
      if (series.has("value")) {
        samples.add(series.path("value").path(1).asText());
      }
      series.path("values").forEach(value -> samples.add(value.path(1).asText()));
    }
    return samples;
  }

  /** The value of an expression with one result, or NaN. */
  double value(String expression) throws Exception {
    JsonNode result = get("/api/v1/query", Map.of("query", expression)).path("data").path("result");
    return result.size() == 1 ? result.path(0).path("value").path(1).asDouble() : Double.NaN;
  }

  /**
   * Values of a label.
   *
   * @param selector of the series whose label it is, or null for all
   */
  List<String> labelValues(String selector, String label) throws Exception {
    JsonNode answer =
        get(
            "/api/v1/label/" + label + "/values",
            selector == null ? Map.of() : Map.of("match[]", selector));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(selector + ": " + answer.path("error").asText());
    }
    List<String> values = new ArrayList<>();
    answer.path("data").forEach(value -> values.add(value.asText()));
    return values;
  }

  /** Alert rules and their states: inactive, pending or firing. */
  Map<String, String> alertStates() throws Exception {
    Map<String, String> states = new HashMap<>();
    for (JsonNode rule : rules()) {
      states.put(rule.path("name").asText(), rule.path("state").asText());
    }
    return states;
  }

  /** All rules, as Prometheus holds them. */
  List<JsonNode> rules() throws Exception {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : get("/api/v1/rules", Map.of()).path("data").path("groups")) {
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  private JsonNode get(String path, Map<String, String> query) throws Exception {
    String encoded =
        query.entrySet().stream()
            .map(
                entry ->
                    URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8)
                        + '='
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path + '?' + encoded))
            .timeout(Duration.ofSeconds(TestServer.SECONDS))
            .build();
    return mapper.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
