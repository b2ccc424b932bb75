package dev.tandem.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.ServerProcess;
import dev.tandem.store.LongRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that is long of the longest run that can be asked for, and a probe beside it. */
class LongRunTest {
  private static final int HEAP_MEGABYTES = 256;
  private static final int LOSSES = 4_000_000;
  private static final int DEAF = 20;
  private static final int WARM_UP = 500;
  private static final int PROBE_MILLIS = 20;
  private static final int TURN_MILLIS = 50;
  private static final String RUN = "/api/runs/" + LongRun.ID;

  @TempDir Path dataDir;
  private final HttpClient http = HttpClient.newHttpClient();
  private double worst;

  @Test
  @Tag("load")
  void longestRun_isReadBesideAProbe() throws Exception {
    LongRun.write(dataDir, 4);
    List<String> heap = List.of("-Xmx" + HEAP_MEGABYTES + "m");
    List<Socket> deaf = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(dataDir, heap, Map.of())) {
      for (int i = 0; i < WARM_UP; i++) {
        assertEquals(200, server.get("/health/live").statusCode());
      }
      probed(server, "nothing", () -> sleep(2000));
      probed(server, "curves.csv, gzipped, the first since the start", () -> csv(server));
      probed(server, "the same again", () -> csv(server));
      probed(server, "all events", () -> read(server, RUN + "/events"));
      probed(server, "500,000 points", () -> read(server, RUN + "/events?resolution=125000"));
      probed(server, "smoothed", () -> read(server, RUN + "/smoothed?resolution=125000"));
      probed(
          server,
          "six clients, all events each",
          () -> together(6, () -> read(server, RUN + "/events")));
      for (int i = 0; i < DEAF; i++) {
        deaf.add(deaf(server, i));
      }
      probed(server, DEAF + " who read nothing, and one who reads", () -> csv(server));
      System.out.printf(
          "  live heap %.0f MB of at most %d MB, resident %.0f MB%n",
          server.liveHeap() / 1e6, HEAP_MEGABYTES, server.residentBytes() / 1e6);
      assertTrue(!server.log().contains("OutOfMemory"), server.log());
      assertTrue(worst < TURN_MILLIS, "a probe took " + worst + " ms");
    } finally {
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  /** Does something, and asks for the server's health every so often meanwhile. */
  private void probed(ServerProcess server, String what, Callable<Long> work) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService probe = Executors.newSingleThreadExecutor();
    try {
      Future<List<Double>> probes = probe.submit(() -> probe(server, over));
      long began = System.nanoTime();
      long bytes = work.call();
      double seconds = (System.nanoTime() - began) / 1e9;
      over.set(true);
      List<Double> millis = new ArrayList<>(probes.get());
      Collections.sort(millis);
      double slowest = millis.get(millis.size() - 1);
      System.out.printf(
          "%s: %.1f s, %.0f MB; a health probe every %d ms: median %.1f ms, 99th percentile %.1f,"
              + " slowest of %d %.1f%n",
          what,
          seconds,
          bytes / 1e6,
          PROBE_MILLIS,
          millis.get(millis.size() / 2),
          millis.get(millis.size() * 99 / 100),
          millis.size(),
          slowest);
      worst = Math.max(worst, slowest);
    } finally {
      probe.shutdownNow();
    }
  }

  private List<Double> probe(ServerProcess server, AtomicBoolean over) throws Exception {
    List<Double> millis = new ArrayList<>();
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/health/live")).build();
    while (!over.get()) {
      long began = System.nanoTime();
      assertEquals(200, http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      millis.add((System.nanoTime() - began) / 1e6);
      sleep(PROBE_MILLIS);
    }
    return millis;
  }

  private static long together(int clients, Callable<Long> work) throws Exception {
    ExecutorService all = Executors.newFixedThreadPool(clients);
    try {
      long bytes = 0;
      for (Future<Long> each : all.invokeAll(Collections.nCopies(clients, work))) {
        bytes += each.get();
      }
      return bytes;
    } finally {
      all.shutdownNow();
    }
  }

  private long csv(ServerProcess server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + RUN + "/curves.csv"))
            .header("Accept-Encoding", "gzip")
            .build();
    long rows = 0;
    long bytes = 0;
    byte[] buffer = new byte[65536];
    try (InputStream in =
        new GZIPInputStream(
            http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), 65536)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
        for (int i = 0; i < read; i++) {
          rows += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    assertEquals(LOSSES + 1, rows);
    return bytes;
  }

  private long read(ServerProcess server, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    long bytes = 0;
    byte[] buffer = new byte[65536];
    try (InputStream in = answer.body()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
      }
    }
    return bytes;
  }

  private static Socket deaf(ServerProcess server, int number) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    String path = List.of("/events", "/curves.csv", "/events?resolution=125000").get(number % 3);
    String head = "GET " + RUN + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    assertEquals('H', socket.getInputStream().read());
    return socket;
  }

  private static long sleep(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
    return 0;
  }
}
