package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private final AtomicLong now = new AtomicLong();
  private final Allowance six = new Allowance(6, now::get);

  @Test
  void allowance_isUsedUp_andComesBackWithTime() {
    SocketAddress client = SocketAddress.inetSocketAddress(1, "10.0.0.1");
    for (int i = 0; i < 6; i++) {
      assertEquals(0, six.secondsToNext(client));
      six.take(client);
    }
    assertEquals(10, six.secondsToNext(client));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(9_500));
    assertEquals(1, six.secondsToNext(client));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(600));
    assertEquals(0, six.secondsToNext(client));
    six.take(client);
    assertTrue(six.secondsToNext(client) > 0);
    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    for (int i = 0; i < 6; i++) {
      six.take(client);
    }
    assertTrue(six.secondsToNext(client) > 0, "an hour's rest gives no more than a minute's");
  }

  @Test
  void clients_haveTheirOwn_andAnIpv6Network_isOne() {
    for (int i = 0; i < 6; i++) {
      six.take(SocketAddress.inetSocketAddress(i, "2001:db8:1:2:0:0:0:" + (i + 1)));
    }
    assertTrue(six.secondsToNext(SocketAddress.inetSocketAddress(9, "2001:db8:1:2:9:9:9:9")) > 0);
    assertEquals(0, six.secondsToNext(SocketAddress.inetSocketAddress(9, "2001:db8:1:3:9:9:9:9")));
    assertEquals(0, six.secondsToNext(SocketAddress.inetSocketAddress(9, "10.0.0.1")));
  }
}
