package dev.tandem.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Many WebSocket viewers of one run on one thread. They only keep what they get, each message once
 * for all who got it, so that they cost the machine that trains little; it is looked at afterwards.
 */
final class Crowd implements AutoCloseable {
  private static final List<String> ENDS = List.of("completed", "cancelled", "failed");

  /** The receive buffer of those who do not read: the rest has to wait at the server. */
  private static final int SMALL = 4096;

  private final int port;
  private final String run;
  private final Random random;
  private final Selector selector = Selector.open();
  private final List<Viewer> viewers = new ArrayList<>();
  private final Map<ByteBuffer, Message> messages = new HashMap<>();
  private final Thread reader = new Thread(this::read, "crowd");
  private volatile int ended;
  private volatile boolean draining;
  private volatile Throwable failure;
  private volatile long bytes;
  private volatile long cpuNanos;
  private int reconnections;

  /**
   * @param reading viewers who read all the time
   * @param reconnecting viewers who read, and leave and come back at random
   * @param silent viewers who read nothing until they are told to
   */
  Crowd(int port, String run, int reading, int reconnecting, int silent, long seed)
      throws IOException {
    this.port = port;
    this.run = run;
    this.random = new Random(seed);
    for (int i = 0; i < reading + reconnecting + silent; i++) {
      Kind kind =
          i < reading ? Kind.READS : i < reading + reconnecting ? Kind.RECONNECTS : Kind.SILENT;
      Viewer viewer = new Viewer(kind);
      viewers.add(viewer);
      viewer.connect(0);
    }
    reader.setDaemon(true);
    reader.start();
  }

  enum Kind {
    READS,
    RECONNECTS,
    SILENT
  }

  /** What came in one piece, and whether the run ends with it. */
  record Message(byte[] text, boolean ends) {
    JsonArray events() {
      return new JsonArray(new String(text, StandardCharsets.UTF_8));
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    try {
      while (selector.isOpen()) {
        selector.select(50);
        for (SelectionKey key : selector.selectedKeys()) {
          ((Viewer) key.attachment()).readable(buffer);
        }
        selector.selectedKeys().clear();
        if (draining) {
          for (Viewer viewer : viewers) {
            viewer.drain();
          }
        }
        cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      }
    } catch (ClosedSelectorException e) {
      // It was closed.
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  /** How many of those who read have seen the run's end. */
  int ended() {
    if (failure != null) {
      throw new AssertionError(failure);
    }
    return ended;
  }

  /** From now on those who were silent read what has been kept for them. */
  void drain() {
    draining = true;
  }

  /** The code with which a viewer's connection was closed; 0 if it was not, or without a code. */
  int closeCode(int viewer) {
    return viewers.get(viewer).closeCode;
  }

  /** How far each is, for those who look for a fault. */
  String describe() {
    StringBuilder all = new StringBuilder().append(ended).append(" have seen the end:");
    for (Viewer viewer : viewers) {
      all.append(
          "\n%s: %d messages, closed with %d"
              .formatted(viewer.kind, viewer.got.size(), viewer.closeCode));
      if (!viewer.got.isEmpty()) {
        byte[] last = viewer.got.get(viewer.got.size() - 1).text();
        int from = Math.max(0, last.length - 200);
        all.append(", last ")
            .append(new String(last, from, last.length - from, StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }

  List<Viewer> viewers() {
    return viewers;
  }

  long bytes() {
    return bytes;
  }

  int reconnections() {
    return reconnections;
  }

  double cpuSeconds() {
    return cpuNanos / 1e9;
  }

  /** Ends its thread: what the viewers have got may be looked at now. */
  void stop() throws IOException {
    selector.close();
    try {
      reader.join(5000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    for (Viewer viewer : viewers) {
      viewer.channel.close();
    }
  }

  /** One viewer. Used by the crowd's thread alone until that has ended. */
  final class Viewer {
    final Kind kind;
    final List<Message> got = new ArrayList<>();
    private SocketChannel channel;
    private byte[] pending = new byte[1024];
    private int pendingLength;
    private boolean upgraded;
    private byte[] begun = new byte[0];
    private int untilLeaving;
    private volatile int closeCode;
    private boolean registered;

    Viewer(Kind kind) {
      this.kind = kind;
    }

    private void connect(long after) throws IOException {
      channel = SocketChannel.open();
      if (kind == Kind.SILENT) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
      }
      channel.connect(new InetSocketAddress("127.0.0.1", port));
      String request =
          ("GET /api/runs/" + run + "/live?after=" + after + " HTTP/1.1\nHost: 127.0.0.1:" + port)
              + "\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13"
              + "\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n";
      channel.write(
          ByteBuffer.wrap(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII)));
      upgraded = false;
      pendingLength = 0;
      untilLeaving = 20 + random.nextInt(60);
      if (kind != Kind.SILENT) {
        register();
      }
    }

    private void register() throws IOException {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
      registered = true;
    }

    private void drain() throws IOException {
      if (kind == Kind.SILENT && !registered) {
        register();
      }
    }

    private void readable(ByteBuffer buffer) throws IOException {
      buffer.clear();
      int count;
      try {
        count = channel.read(buffer);
      } catch (IOException e) {
        count = -1;
      }
      if (count < 0) {
        channel.close();
        return;
      }
      bytes += count;
      buffer.flip();
      if (pendingLength + count > pending.length) {
        pending = java.util.Arrays.copyOf(pending, 2 * (pendingLength + count));
      }
      buffer.get(pending, pendingLength, count);
      pendingLength += count;
      int at = 0;
      if (!upgraded) {
        at = endOfHead();
        if (at == 0) {
          return;
        }
        if (!new String(pending, 0, at, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101 ")) {
          throw new UncheckedIOException(
              new IOException(new String(pending, 0, pendingLength, StandardCharsets.US_ASCII)));
        }
        upgraded = true;
      }
      at = frames(at);
      System.arraycopy(pending, at, pending, 0, pendingLength - at);
      pendingLength -= at;
      if (untilLeaving < 0) {
        comeBack();
      }
    }

    private int endOfHead() {
      for (int i = 3; i < pendingLength; i++) {
        if (pending[i] == '\n' && pending[i - 2] == '\n') {
          return i + 1;
        }
      }
      return 0;
    }

    /** Takes whole frames, from an offset on; returns where the rest begins. */
    private int frames(int from) throws IOException {
      int at = from;
      while (pendingLength - at >= 2) {
        int length = pending[at + 1] & 0x7f;
        int head = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (pendingLength - at < head) {
          return at;
        }
        if (length == 126) {
          length = ByteBuffer.wrap(pending).getShort(at + 2) & 0xffff;
        } else if (length == 127) {
          length = (int) ByteBuffer.wrap(pending).getLong(at + 2);
        }
        if (pendingLength - at < head + length) {
          return at;
        }
        frame(pending[at], at + head, length);
        at += head + length;
      }
      return at;
    }

    private void frame(byte first, int at, int length) throws IOException {
      int kindOfFrame = first & 0x0f;
      if (kindOfFrame == 8) {
        closeCode = length < 2 ? 0 : ByteBuffer.wrap(pending).getShort(at) & 0xffff;
      } else if (kindOfFrame == 9) {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
      } else if (kindOfFrame <= 1) {
        byte[] all = java.util.Arrays.copyOf(begun, begun.length + length);
        System.arraycopy(pending, at, all, begun.length, length);
        begun = (first & 0x80) == 0 ? all : new byte[0];
        if ((first & 0x80) != 0) {
          message(all);
        }
      }
    }

    private void message(byte[] text) {
      Message message =
          messages.computeIfAbsent(ByteBuffer.wrap(text), key -> new Message(text, isEnd(text)));
      got.add(message);
      if (message.ends && kind != Kind.SILENT) {
        ended++;
      } else if (kind == Kind.RECONNECTS) {
        untilLeaving--;
      }
    }

    /** Leaves, most often with half a message read, and asks for what came after the last whole. */
    private void comeBack() throws IOException {
      Message last = got.get(got.size() - 1);
      untilLeaving = 0;
      if (last.ends) {
        return;
      }
      JsonArray events = last.events();
      channel.close();
      begun = new byte[0];
      reconnections++;
      connect(events.getJsonObject(events.size() - 1).getLong("seq"));
    }
  }

  /** Whether the last event is the run's own, and it has ended with it. */
  private static boolean isEnd(byte[] text) {
    String json = new String(text, StandardCharsets.UTF_8);
    if (ENDS.stream().noneMatch(end -> json.contains("\"" + end + "\""))) {
      return false;
    }
    JsonArray events = new JsonArray(json);
    JsonObject last = events.getJsonObject(events.size() - 1);
    return last.getString("type").equals("run") && ENDS.contains(last.getString("status"));
  }
}
