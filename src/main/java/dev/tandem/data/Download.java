package dev.tandem.data;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one file over HTTP, by way of the proxy that the environment names if it names one, with
 * a bound on all that a server could do wrong.
 */
final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);
  private static final long POLL_MILLIS = 50;
  private static final long NANOS_BETWEEN_MESSAGES = 200_000_000;
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Vertx vertx;
  private final DatasetSettings.Timeouts timeouts;
  private final Proxies proxies;
  private final HttpClientOptions options;

  Download(Vertx vertx, DatasetSettings.Timeouts timeouts, Proxies proxies) {
    this(vertx, timeouts, proxies, new HttpClientOptions());
  }

  /**
   * @param options whom to trust
   */
  Download(
      Vertx vertx, DatasetSettings.Timeouts timeouts, Proxies proxies, HttpClientOptions options) {
    this.vertx = vertx;
    this.timeouts = timeouts;
    this.proxies = proxies;
    this.options =
        new HttpClientOptions(options).setConnectTimeout((int) timeouts.connect().toMillis());
  }

  /**
   * What {@code source} serves; blocks.
   *
   * @param title what progress messages call it
   * @param most bytes to take; a longer answer is a fault
   * @throws MirrorFault if the server does not give the whole file in time and in bounds
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  Buffer fetch(URI source, String title, long most, Progress progress) throws MirrorFault {
    HttpClient client = vertx.createHttpClient(options);
    try {
      Arrival arrival = new Arrival(most);
      await(request(client, source, MOST_REDIRECTS, arrival), arrival, title, progress);
      return arrival.body;
    } catch (MirrorFault e) {
      Optional<ProxyOptions> proxy = proxies.forTarget(source);
      throw proxy.isEmpty()
          ? e
          : new MirrorFault(
              "%s (by way of the proxy %s:%d)"
                  .formatted(e.getMessage(), proxy.get().getHost(), proxy.get().getPort()),
              e);
    } finally {
      // Whatever is still on its way is dropped.
      client.close().onFailure(failure -> LOG.debug("a download's client", failure));
    }
  }

  private Future<Void> request(HttpClient client, URI source, int redirects, Arrival arrival) {
    RequestOptions request;
    try {
      request =
          new RequestOptions()
              .setAbsoluteURI(source.toString())
              .putHeader(HttpHeaders.USER_AGENT, "Tandem");
      proxies.forTarget(source).ifPresent(request::setProxyOptions);
    } catch (MirrorFault | RuntimeException e) {
      return Future.failedFuture(e);
    }
    // The answer is taken in the turn in which it begins: later some of it would have passed.
    return client
        .request(request)
        .compose(
            open ->
                open.send().compose(answer -> take(client, source, answer, redirects, arrival)));
  }

  private Future<Void> take(
      HttpClient client, URI source, HttpClientResponse answer, int redirects, Arrival arrival) {
    // Of one that isn't read to its end, too.
    answer.exceptionHandler(failure -> LOG.debug("a download broke off", failure));
    String elsewhere = answer.getHeader(HttpHeaders.LOCATION);
    if (!REDIRECTS.contains(answer.statusCode()) || elsewhere == null) {
      return arrival.of(answer);
    }
    // Not by the client itself: another host may need another proxy, or none.
    URI next = source.resolve(elsewhere);
    boolean isOpened = "https".equals(source.getScheme()) && !"https".equals(next.getScheme());
    return redirects == 0 || isOpened
        ? Future.failedFuture(new MirrorFault("it sends one from place to place"))
        : request(client, next, redirects - 1, arrival);
  }

  private void await(Future<Void> arrived, Arrival arrival, String title, Progress progress)
      throws MirrorFault {
    CompletableFuture<Void> whole = arrived.toCompletionStage().toCompletableFuture();
    long started = System.nanoTime();
    long told = started - NANOS_BETWEEN_MESSAGES;
    long moved = started;
    long received = 0;
    while (true) {
      long now = System.nanoTime();
      if (arrival.received != received) {
        received = arrival.received;
        moved = now;
      }
      if (now - told >= NANOS_BETWEEN_MESSAGES) {
        progress.message("Downloading " + title + " " + arrival.share());
        told = now;
      }
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      if (now - started >= timeouts.total().toNanos()) {
        throw new MirrorFault("not done after " + words(timeouts.total()));
      }
      if (now - moved >= timeouts.stall().toNanos()) {
        throw new MirrorFault("it sent nothing for " + words(timeouts.stall()));
      }
      try {
        whole.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        // Still on its way.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        throw cause instanceof MirrorFault fault ? fault : new MirrorFault(reason(cause), cause);
      }
    }
  }

  /** What has come of an answer. Written on its event loop, which the one who waits only reads. */
  private static final class Arrival {
    private final long most;
    private final Buffer body = Buffer.buffer();
    private volatile long length;
    private volatile long received;

    Arrival(long most) {
      this.most = most;
    }

    /** Completes when all of it is here. */
    Future<Void> of(HttpClientResponse answer) {
      if (answer.statusCode() != 200) {
        return Future.failedFuture(
            new MirrorFault("it answers with status " + answer.statusCode()));
      }
      length = length(answer);
      if (length > most) {
        return Future.failedFuture(tooMuch());
      }
      Promise<Void> whole = Promise.promise();
      answer.handler(
          bytes -> {
            if (body.length() + (long) bytes.length() > most) {
              whole.tryFail(tooMuch());
            } else {
              body.appendBuffer(bytes);
              received = body.length();
            }
          });
      answer.end().onSuccess(whole::tryComplete).onFailure(whole::tryFail);
      return whole.future();
    }

    private static long length(HttpClientResponse answer) {
      try {
        return Long.parseLong(answer.headers().get(HttpHeaders.CONTENT_LENGTH));
      } catch (NumberFormatException e) {
        return 0; // It isn't told.
      }
    }

    private MirrorFault tooMuch() {
      return new MirrorFault(
          "it sends more than the %s bytes that the file can have".formatted(IdxFile.number(most)));
    }

    String share() {
      if (received == 0) {
        return "0%";
      }
      return length > 0
          ? Math.min(100, received * 100 / length) + "%"
          : String.format(Locale.ROOT, "%.1f MB", received / 1e6);
    }
  }

  private static String reason(Throwable fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return "host not found";
      }
      if (t instanceof ConnectTimeoutException) {
        return "no connection in time";
      }
      if (t instanceof SSLException) {
        return "no trusted connection";
      }
      if (t instanceof ProxyConnectException) {
        return refusal(String.valueOf(t.getMessage()));
      }
      if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
        return String.valueOf(t.getMessage()).startsWith("Connection refused")
            ? "connection refused"
            : "no connection";
      }
    }
    return "the connection broke off";
  }

  /** Of a proxy that was asked for a tunnel: its status is at the end of Netty's message. */
  private static String refusal(String message) {
    int status = message.indexOf("status: ");
    return status < 0 ? "no tunnel" : "no tunnel, " + message.substring(status).replace(":", "");
  }

  private static String words(Duration time) {
    return time.toMillis() < 1000
        ? time.toMillis() + " ms"
        : time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " minutes";
  }
}
