package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.RawHttp;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways out of the folders that are served; written as they are, past what clients would mend. */
class TraversalTest {
  @TempDir static Path dataDir;
  private static TestServer server;

  @BeforeAll
  static void startServer() throws Exception {
    Files.writeString(dataDir.resolve("secret.txt"), "root:x:0:0");
    server = TestServer.start(dataDir);
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../pom.xml",
        "/%2e%2e/pom.xml",
        "/..%2fpom.xml",
        "/%2e%2e%2fpom.xml",
        "/..%5cpom.xml",
        "/..\\pom.xml",
        "/%252e%252e/pom.xml",
        "/%252e%252e%252fpom.xml",
        "/....//pom.xml",
        "/.%00./pom.xml",
        "/..%00/pom.xml",
        "/..;/pom.xml",
        "/%c0%ae%c0%ae/pom.xml",
        "/%uff0e%uff0e/pom.xml",
        "/./../pom.xml",
        "/x/../../pom.xml",
        "/vendor/uplot/../../pom.xml",
        "/vendor/uplot/..%2f..%2f..%2fpom.xml",
        "/vendor/uplot/%2e%2e/%2e%2e/package.json",
        "/vendor/uplot/..%2fpackage.json",
        "/vendor/uplot/..%5cpackage.json",
        "/../../../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/%2fetc%2fpasswd",
        "///etc/passwd",
        "/file:///etc/passwd",
        "/.git/config",
        "/.gitignore",
        "/%2egit/config",
        "/logback.xml",
        "/dev/tandem/Tandem.class",
        "/META-INF/MANIFEST.MF",
        "/web/index.html",
        "/../web/../pom.xml",
        "/app.js/../../pom.xml",
        "/app.js%00.txt",
        "/text/../../pom.xml",
        "/text/%2e%2e/%2e%2e/pom.xml",
        "/text/..%2f..%2fpom.xml",
        "/api/runs/..%2f..%2fsecret.txt",
        "/api/runs/%2e%2e%2f%2e%2e%2fsecret.txt/curves.csv",
        "/api/runs/../../secret.txt",
        "/api/runs/%00/events"
      })
  void wayOut_leadsNowhere(String path) {
    String answer = RawHttp.ask(server, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1");
    assertTrue(Set.of(400, 404).contains(RawHttp.status(answer)), answer);
    for (String inside : new String[] {"root:", "<project", "[core]", "Exception", "\tat "}) {
      assertFalse(answer.contains(inside), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../etc/passwd",
        "/etc/passwd",
        "mnist/../..",
        "mnist\\u0000",
        "file:///etc/passwd",
        "..\\\\..",
        "MNIST",
        "mnist "
      })
  void datasetName_isOneOfThoseKnown(String dataset) {
    HttpResponse<String> answer = server.post("/api/runs", "{\"dataset\":\"" + dataset + "\"}");
    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(
        Set.of("dataset"), new JsonObject(answer.body()).getJsonObject("errors").fieldNames());
  }

  @Test
  void folders_areNotListed() {
    for (String path : new String[] {"/vendor/uplot/", "/vendor/", "/vendor", "/text/"}) {
      assertEquals(404, server.get(path).statusCode(), path);
    }
  }

  /** What looks like another host's address must not come back as the place to go to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/text",
        "//text",
        "/%2ftext",
        "/%2fevil.example/..%2ftext",
        "//evil.example/../text"
      })
  void folderWithoutItsSlash_leadsToItselfAlone(String path) {
    String answer = RawHttp.ask(server, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1");
    assertEquals(301, RawHttp.status(answer), answer);
    assertTrue(answer.contains("\r\nlocation: /text/\r\n"), answer);
  }
}
