package dev.tandem.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Many WebSocket viewers on one thread, which read and throw away: on the machine that trains, they
 * are to cost as little as they can, because in life they are elsewhere.
 */
final class Crowd implements AutoCloseable {
  private final Selector selector = Selector.open();
  private final Thread reader = new Thread(this::read, "crowd");
  private long bytes;

  Crowd(String url, String run, int viewers) throws IOException {
    URI server = URI.create(url);
    String request =
        """
        GET /api/runs/%s/live HTTP/1.1
        Host: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .formatted(run, server.getAuthority())
            .replace("\n", "\r\n");
    for (int i = 0; i < viewers; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    try {
      while (selector.isOpen()) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          buffer.clear();
          int count = ((SocketChannel) key.channel()).read(buffer);
          if (count < 0) {
            key.cancel();
          } else {
            bytes += count;
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException | java.nio.channels.ClosedSelectorException e) {
      // The server or this crowd has gone.
    }
  }

  /** Bytes that all together got; after {@link #close}. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
    try {
      reader.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
