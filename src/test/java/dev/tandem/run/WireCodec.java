package dev.tandem.run;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.LongAdder;

/** Has every message really travel: to bytes and back, for each of those who hear it. */
public final class WireCodec extends BusMessageCodec {
  private static final LongAdder CARRIED = new LongAdder();

  private WireCodec() {}

  public static void register(Vertx vertx) {
    register(vertx, new WireCodec());
  }

  /** Messages that have travelled so far, in this JVM. */
  public static long carried() {
    return CARRIED.sum();
  }

  @Override
  public BusMessage transform(BusMessage message) {
    Buffer wire = Buffer.buffer();
    encodeToWire(wire, message);
    CARRIED.increment();
    return decodeFromWire(0, wire);
  }
}
