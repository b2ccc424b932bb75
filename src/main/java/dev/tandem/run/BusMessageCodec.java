package dev.tandem.run;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Messages by reference within one machine, as JSON between machines. */
public class BusMessageCodec implements MessageCodec<BusMessage, BusMessage> {
  private static final String NAME = "tandem";

  BusMessageCodec() {}

  /** Teaches a Vertx's event bus to carry {@link BusMessage}s. */
  public static void register(Vertx vertx) {
    register(vertx, new BusMessageCodec());
  }

  static void register(Vertx vertx, BusMessageCodec codec) {
    vertx
        .eventBus()
        .registerCodec(codec)
        .codecSelector(body -> body instanceof BusMessage ? NAME : null);
  }

  @Override
  public void encodeToWire(Buffer wire, BusMessage message) {
    byte[] json = Json.write(message);
    wire.appendInt(json.length).appendBytes(json);
  }

  @Override
  public BusMessage decodeFromWire(int position, Buffer wire) {
    int start = position + Integer.BYTES;
    return Json.read(wire.getBytes(start, start + wire.getInt(position)), BusMessage.class);
  }

  @Override
  public BusMessage transform(BusMessage message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
