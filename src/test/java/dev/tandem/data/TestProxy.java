package dev.tandem.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy on this machine for which every host is a server on this machine. */
final class TestProxy implements AutoCloseable {
  /** The head of each request, its lines. */
  final List<List<String>> requests = new CopyOnWriteArrayList<>();

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int upstream;
  private final String credentials;

  /**
   * @param upstream port of what every host is
   * @param credentials in base64 that it wants to see; null for none
   */
  TestProxy(int upstream, String credentials) throws IOException {
    this.upstream = upstream;
    this.credentials = credentials;
    threads.execute(this::accept);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** The first lines of the requests. */
  List<String> lines() {
    return requests.stream().map(head -> head.get(0)).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      List<String> head = head(in);
      requests.add(head);
      boolean allowed =
          credentials == null
              || head.stream()
                  .anyMatch(
                      line -> line.equalsIgnoreCase("Proxy-Authorization: Basic " + credentials));
      if (!allowed) {
        out.write(bytes("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
        return;
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
        String line = head.get(0);
        if (line.startsWith("CONNECT ")) {
          out.write(bytes("HTTP/1.1 200 Connection established\r\n\r\n"));
        } else {
          String path = line.replaceFirst("http://[^/]*", "");
          server.getOutputStream().write(bytes(path + "\r\nHost: x\r\nConnection: close\r\n\r\n"));
        }
        threads.execute(() -> pump(in, server));
        server.getInputStream().transferTo(out);
      }
    } catch (IOException e) {
      // One of the two has hung up.
    }
  }

  private static void pump(InputStream in, Socket server) {
    try {
      in.transferTo(server.getOutputStream());
    } catch (IOException e) {
      // One of the two has hung up.
    }
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("hung up");
      } else if (next != '\n') {
        line.append((char) next);
      } else if (line.toString().isBlank()) {
        return lines;
      } else {
        lines.add(line.toString().trim());
        line.setLength(0);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
