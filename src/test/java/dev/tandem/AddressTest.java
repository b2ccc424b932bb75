package dev.tandem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.web.Access;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address that is printed at the start, for a browser on the same machine. */
class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080",
    "localhost, http://localhost:8080",
    "192.0.2.7, http://192.0.2.7:8080",
    "::1, http://[::1]:8080",
    "0.0.0.0, http://127.0.0.1:8080",
    "0, http://127.0.0.1:8080",
    "::, http://[::1]:8080",
    "0:0:0:0:0:0:0:0, http://[::1]:8080"
  })
  void address_isOneThatCanBeOpened(String host, String address) {
    assertEquals(address, Tandem.address(host, 8080));
  }

  @Test
  void allAddresses_areAnsweredAtThePrintedOne(@TempDir Path dataDir) throws Exception {
    assertAnswers("0.0.0.0", dataDir);
  }

  @Test
  void allAddressesOfIp6_areAnsweredAtThePrintedOne(@TempDir Path dataDir) throws Exception {
    assumeTrue(hasIp6(), "this machine has no IPv6");
    assertAnswers("::", dataDir);
  }

  private static void assertAnswers(String host, Path dataDir) throws Exception {
    Settings settings =
        TestServer.settings(host, dataDir, 1, Optional.empty(), List.of(), Access.DEFAULTS);
    try (TestServer server = TestServer.start(settings)) {
      URI page = URI.create(Tandem.address(host, URI.create(server.url()).getPort()) + "/");
      assertEquals(
          200,
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding())
              .statusCode());
    }
  }

  private static boolean hasIp6() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
