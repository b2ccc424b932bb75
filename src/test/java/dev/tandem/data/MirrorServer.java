package dev.tandem.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A mirror on this machine, as good or as bad as a test wants it. */
final class MirrorServer implements AutoCloseable {
  /** The files that were asked for, in order. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Opens when an answer has begun that does not go on before {@link #gate} opens. */
  final CountDownLatch held = new CountDownLatch(1);

  final CountDownLatch gate = new CountDownLatch(1);

  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** A mirror that serves this dataset well. */
  MirrorServer(MnistFixture dataset) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/mnist/", this::handle);
    server.start();
    for (IdxPart file : IdxPart.values()) {
      on(file, serve(dataset.gzipped(file)));
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mnist");
  }

  /** The server as messages name it. */
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  MirrorServer on(IdxPart file, HttpHandler handler) {
    handlers.put(file.gzipName(), handler);
    return this;
  }

  /** An address on which nobody listens. */
  static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
  }

  static HttpHandler serve(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  static HttpHandler status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  /** Promises the whole body, sends so much of it and hangs up. */
  static HttpHandler hangUp(byte[] body, int after) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, after);
      exchange.getResponseBody().flush();
    };
  }

  /** Promises so many bytes and sends none of them. */
  HttpHandler promise(long length) {
    return exchange -> {
      exchange.sendResponseHeaders(200, length);
      exchange.getResponseBody().flush();
      waitAtGate();
    };
  }

  /** Sends until the other side hangs up. */
  static HttpHandler endless() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      byte[] zeros = new byte[1 << 16];
      while (true) {
        out.write(zeros);
      }
    };
  }

  /** Sends half of the body, and the rest when the gate opens. */
  HttpHandler hold(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, body.length / 2);
      out.flush();
      waitAtGate();
      out.write(body, body.length / 2, body.length - body.length / 2);
    };
  }

  /** Takes the request and says nothing before the gate opens. */
  HttpHandler silence() {
    return exchange -> waitAtGate();
  }

  private void waitAtGate() throws IOException {
    held.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    requests.add(name);
    try (exchange) {
      handlers.getOrDefault(name, status(404)).handle(exchange);
    }
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
