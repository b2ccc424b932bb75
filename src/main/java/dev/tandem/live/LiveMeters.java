package dev.tandem.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured of the stream to browsers. Thread-safe. */
final class LiveMeters {
  private final AtomicInteger clients = new AtomicInteger();
  private final Counter events;
  private final Counter frames;
  private final Counter bytes;
  private final Counter dropped;
  private final Timer delay;

  LiveMeters(MeterRegistry registry) {
    Gauge.builder("tandem.live.clients", clients, AtomicInteger::get)
        .description("WebSocket clients that follow runs now.")
        .strongReference(true)
        .register(registry);
    events =
        Counter.builder("tandem.live.events")
            .description("Events sent to clients, counted for each client.")
            .register(registry);
    frames =
        Counter.builder("tandem.live.frames")
            .description("WebSocket frames sent to clients.")
            .register(registry);
    bytes =
        Counter.builder("tandem.live.bytes")
            .description("Payload sent to clients in frames.")
            .register(registry);
    dropped =
        Counter.builder("tandem.live.dropped")
            .description("Clients that were dropped because they read nothing for too long.")
            .register(registry);
    delay =
        Timer.builder("tandem.live.delay")
            .description("From the end of the oldest step in a frame to the frame being written.")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(75),
                Duration.ofMillis(100),
                Duration.ofMillis(150),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10))
            .register(registry);
  }

  void joined() {
    clients.incrementAndGet();
  }

  void left() {
    clients.decrementAndGet();
  }

  void dropped() {
    dropped.increment();
  }

  void sent(Frame frame) {
    events.increment(frame.events());
    frames.increment();
    bytes.increment(frame.bytes());
  }

  /** A frame with steps has been written to a client that follows live. */
  void written(double oldestStep) {
    double millis = System.currentTimeMillis() - oldestStep;
    delay.record(Duration.ofNanos((long) (Math.max(0, millis) * 1e6)));
  }
}
