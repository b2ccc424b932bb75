package dev.tandem.web;

import dev.tandem.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that passes HTTP on as it is, and does with WebSockets what some real ones do. */
final class UpgradeProxy implements AutoCloseable {
  enum Upgrades {
    /** 403, as proxies answer that know nothing of them. */
    REFUSED,
    /** The connection ends without an answer. */
    DROPPED,
    /** No answer ever comes. */
    HANGING,
    /** The handshake passes; what the server sends afterwards is kept back. */
    SILENT,
    PASSED
  }

  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String FORBIDDEN =
      "HTTP/1.1 403 Forbidden\r\nContent-Length: 0" + END_OF_HEAD;

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final int target;
  private final int port;

  /** WebSockets asked for since the start. */
  final AtomicInteger asked = new AtomicInteger();

  volatile Upgrades upgrades;

  UpgradeProxy(int target, Upgrades upgrades) {
    this.target = target;
    this.upgrades = upgrades;
    port =
        TestServer.await(
                vertx.createNetServer().connectHandler(this::opened).listen(0, "127.0.0.1"))
            .actualPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  private void opened(NetSocket browser) {
    Buffer head = Buffer.buffer();
    browser.handler(
        bytes -> {
          head.appendBuffer(bytes);
          String text = head.toString(StandardCharsets.ISO_8859_1);
          if (text.contains(END_OF_HEAD)) {
            browser.pause();
            boolean upgrade = text.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket");
            if (upgrade) {
              asked.incrementAndGet();
              upgrade(browser, head);
            } else {
              pass(browser, head, false);
            }
          }
        });
  }

  private void upgrade(NetSocket browser, Buffer head) {
    switch (upgrades) {
      case REFUSED -> browser.end(Buffer.buffer(FORBIDDEN));
      case DROPPED -> browser.close();
      case HANGING -> browser.resume();
      case SILENT -> pass(browser, head, true);
      case PASSED -> pass(browser, head, false);
    }
  }

  private void pass(NetSocket browser, Buffer head, boolean keepsBack) {
    client
        .connect(target, "127.0.0.1")
        .onFailure(failure -> browser.close())
        .onSuccess(
            server -> {
              server.write(head);
              browser.handler(server::write).closeHandler(closed -> server.close()).resume();
              server.closeHandler(closed -> browser.close());
              server.handler(
                  keepsBack ? new HandshakeAlone(browser) : bytes -> browser.write(bytes));
            });
  }

  /** Passes what the server answers up to the end of its head. */
  private static final class HandshakeAlone implements io.vertx.core.Handler<Buffer> {
    private final NetSocket browser;
    private boolean passed;

    HandshakeAlone(NetSocket browser) {
      this.browser = browser;
    }

    @Override
    public void handle(Buffer bytes) {
      if (passed) {
        return;
      }
      int end = bytes.toString(StandardCharsets.ISO_8859_1).indexOf(END_OF_HEAD);
      passed = end >= 0;
      browser.write(passed ? bytes.getBuffer(0, end + END_OF_HEAD.length()) : bytes);
    }
  }

  @Override
  public void close() {
    TestServer.await(vertx.close());
  }
}
