package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads of trained networks, large ones, by readers fast and slow. */
class ModelDownloadTest {
  @TempDir static Path dataDir;
  private static TestServer server;
  private static String id;

  @BeforeAll
  static void train() {
    server = TestServer.start(dataDir);
    // 15 MB: more than lies in sockets.
    id =
        server
            .startRun(
                "{\"epochs\":1,\"trainingExamples\":60,\"testExamples\":60,"
                    + "\"hiddenLayers\":[2048,1024],\"lens\":false}")
            .getString("id");
    server.awaitStatus(id, "completed");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void network_isWhole_itsLengthIsTold_andItIsNotCompressedInVain() throws Exception {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url() + path("batch")))
                    .header("Accept-Encoding", "gzip")
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode());
    assertEquals(
        answer.body().length,
        Integer.parseInt(answer.headers().firstValue("Content-Length").orElseThrow()));
    assertTrue(
        answer.headers().firstValue("Content-Encoding").orElse("identity").equals("identity"));
    var network =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(answer.body()), false);
    assertEquals(785 * 2048 + 4 * 2048 + 2049 * 1024 + 4 * 1024 + 1025 * 10, network.numParams());
  }

  @Test
  void thirdReader_isToldToComeBack_atOnce_andIsServedWhenOneHasLeft() throws Exception {
    Socket first = reader();
    try (Socket second = reader()) {
      HttpResponse<String> third = server.get(path("none"));
      assertEquals(429, third.statusCode());
      assertEquals("5", third.headers().firstValue("Retry-After").orElseThrow());
      assertEquals(
          "2 networks are being downloaded already. Try again in a moment.",
          new JsonObject(third.body()).getString("detail"));
      first.close();
      TestServer.until(() -> server.get(path("none")).statusCode() == 200);
      assertFalse(second.isClosed());
    }
    TestServer.until(() -> server.get(path("none")).statusCode() == 200);
  }

  @Test
  void networkThatIsDamaged_isNotGivenOut_butNamed() throws Exception {
    String damaged =
        server
            .startRun("{\"epochs\":1,\"trainingExamples\":60,\"testExamples\":60}")
            .getString("id");
    server.awaitStatus(damaged, "completed");
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("tandem.db"));
        var statement =
            connection.prepareStatement(
                "UPDATE models SET state = CAST(substr(state, 1, 5000) || x'7f7f7f' ||"
                    + " substr(state, 5004) AS BLOB) WHERE run_id = ?")) {
      statement.setString(1, damaged);
      assertEquals(2, statement.executeUpdate());
    }
    String why = "The network that is kept of this training is damaged: its checksum is wrong.";
    HttpResponse<String> answer = server.get("/api/runs/" + damaged + "/models/none");
    assertEquals(500, answer.statusCode());
    assertEquals(why + " Train it again.", new JsonObject(answer.body()).getString("detail"));
    HttpResponse<String> asked =
        server.post("/api/runs/" + damaged + "/predict", "{\"image\":[" + "0,".repeat(783) + "0]}");
    assertEquals(200, asked.statusCode(), asked.body());
    assertTrue(asked.body().contains(why), asked.body());
  }

  /** One that has asked, has been answered, and reads no further. */
  private static Socket reader() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket
        .getOutputStream()
        .write(
            ("GET " + path("batch") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    byte[] head = socket.getInputStream().readNBytes(12);
    assertEquals("HTTP/1.1 200", new String(head, StandardCharsets.US_ASCII));
    return socket;
  }

  private static String path(String variant) {
    return "/api/runs/" + id + "/models/" + variant;
  }
}
