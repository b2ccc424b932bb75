package dev.tandem.bench;

import dev.tandem.run.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Calls a Tandem. */
record Http(HttpClient client, String url) {
  Http(String url) {
    this(HttpClient.newHttpClient(), url);
  }

  String get(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
        .body();
  }

  /** Starts a run; its id. */
  String start(String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/runs"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(json))
            .build();
    var answer = client.send(request, BodyHandlers.ofByteArray());
    if (answer.statusCode() != 201) {
      throw new IOException(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    }
    return (String) Json.read(answer.body(), Map.class).get("id");
  }
}
