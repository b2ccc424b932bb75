package dev.tandem;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HTTP as it goes over the wire: nothing is normalised, added or hidden, as clients would. */
public final class RawHttp implements AutoCloseable {
  private final Socket socket;

  public RawHttp(TestServer server) {
    try {
      socket = new Socket("127.0.0.1", server.port());
      socket.setSoTimeout(TestServer.SECONDS * 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One request with these header lines, and the answer to it, up to the connection's end; nothing
   * if the server hangs up without one.
   */
  public static String ask(TestServer server, String requestLine, String... headers) {
    try (RawHttp http = new RawHttp(server)) {
      // In one piece: what is refused at its first line is hung up on at once.
      String lines = String.join("", Arrays.stream(headers).map(line -> line + "\r\n").toList());
      return http.sendUnlessClosed(requestLine + "\r\n" + lines + "Connection: close\r\n\r\n")
          .untilClosed();
    }
  }

  /** The server may have hung up before it was asked: then there is just no answer. */
  private RawHttp sendUnlessClosed(String text) {
    try {
      return send(text);
    } catch (UncheckedIOException e) {
      return this;
    }
  }

  public static int status(String answer) {
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }

  public RawHttp send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawHttp send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that nothing more is sent. */
  public RawHttp finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // The server has hung up first.
    }
    return this;
  }

  /** Everything until the server closes the connection; fails if it doesn't. */
  public String untilClosed() {
    StringBuilder all = new StringBuilder();
    try {
      for (int next = read(); next >= 0; next = read()) {
        all.append((char) next);
      }
    } catch (SocketException e) {
      // Reset: closed while there was more to read from us.
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open after " + TestServer.SECONDS + " s: " + all, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString();
  }

  /** Everything up to and with the end of a head. */
  public String head() {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) next());
    }
    return head.toString();
  }

  /** The next byte; fails at the connection's end. */
  public int next() {
    try {
      int next = read();
      if (next < 0) {
        throw new AssertionError("closed");
      }
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a WebSocket; what follows are its frames. */
  public RawHttp upgrade(String path, String... headers) {
    send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (String header : headers) {
      send(header + "\r\n");
    }
    send(
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    return this;
  }

  private int read() throws IOException {
    InputStream in = socket.getInputStream();
    return in.read();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
