package dev.tandem.web;

import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * So many a minute for each client address, unused ones kept for at most a minute. An IPv6 client
 * has 2^64 addresses, so its network counts. Not thread-safe.
 */
final class Allowance {
  private static final int KNOWN = 10_000;
  private static final double NANOS_PER_MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int perMinute;
  private final LongSupplier nanoTime;

  /** The longest unused leave first: those are the fullest, so forgetting them gives least away. */
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > KNOWN;
        }
      };

  /**
   * @param nanoTime a clock that never goes back
   */
  Allowance(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  int perMinute() {
    return perMinute;
  }

  /** Takes one. */
  void take(SocketAddress client) {
    bucket(client).left -= 1;
  }

  /** Seconds until the client may have another, 0 for now. */
  int secondsToNext(SocketAddress client) {
    double missing = 1 - bucket(client).left;
    return missing <= 0 ? 0 : (int) Math.ceil(missing * 60 / perMinute);
  }

  private Bucket bucket(SocketAddress client) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(network(client), key -> new Bucket(perMinute, now));
    double earned = (now - bucket.at) / NANOS_PER_MINUTE * perMinute;
    bucket.left = Math.min(perMinute, bucket.left + earned);
    bucket.at = now;
    return bucket;
  }

  private static String network(SocketAddress client) {
    String address = String.valueOf(client == null ? null : client.hostAddress());
    String[] groups = address.split(":");
    return groups.length < 8 ? address : String.join(":", java.util.List.of(groups).subList(0, 4));
  }

  private static final class Bucket {
    private double left;
    private long at;

    Bucket(double left, long at) {
      this.left = left;
      this.at = at;
    }
  }
}
