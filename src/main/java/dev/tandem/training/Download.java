package dev.tandem.training;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/** Fetches one file over HTTP, with a bound on all that a server could do wrong. */
final class Download {
  private static final long POLL_MILLIS = 50;
  private static final long NANOS_BETWEEN_MESSAGES = 200_000_000;

  private final HttpClient client;
  private final DatasetSettings.Timeouts timeouts;

  Download(DatasetSettings.Timeouts timeouts) {
    this.timeouts = timeouts;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeouts.connect())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /**
   * Copies what {@code source} serves to {@code target}; blocks.
   *
   * @param title what progress messages call it
   * @param most bytes to take; a longer answer is a fault
   * @throws MirrorFault if the server does not give the whole file in time and in bounds
   * @throws IOException if {@code target} cannot be written
   * @throws CancellationException promptly once {@code progress} is cancelled, or on interruption
   */
  void fetch(URI source, String title, long most, WritableByteChannel target, Progress progress)
      throws MirrorFault, IOException {
    long started = System.nanoTime();
    long told = started - NANOS_BETWEEN_MESSAGES;
    long received = 0;
    OptionalLong length = OptionalLong.empty();
    try (Transfer transfer = new Transfer(client, source)) {
      while (true) {
        long now = System.nanoTime();
        if (now - told >= NANOS_BETWEEN_MESSAGES) {
          progress.message("Downloading MNIST: " + title + " " + share(received, length));
          told = now;
        }
        if (now - started > timeouts.total().toNanos()) {
          throw new MirrorFault("not done after " + words(timeouts.total()));
        }
        Transfer.Piece piece = next(transfer, progress);
        if (piece instanceof Transfer.Fault fault) {
          throw new MirrorFault(reason(fault.cause()), fault.cause());
        } else if (piece instanceof Transfer.Head head) {
          if (head.status() != 200) {
            throw new MirrorFault("it answers with status " + head.status());
          }
          length = head.contentLength();
          checkSize(length.orElse(0), most);
        } else if (piece instanceof Transfer.Bytes bytes) {
          received += size(bytes.buffers());
          checkSize(received, most);
          write(bytes.buffers(), target);
        } else {
          return;
        }
      }
    }
  }

  private Transfer.Piece next(Transfer transfer, Progress progress) throws MirrorFault {
    long started = System.nanoTime();
    while (System.nanoTime() - started < timeouts.stall().toNanos()) {
      if (progress.cancelled()) {
        throw new CancellationException();
      }
      try {
        Transfer.Piece piece = transfer.poll(POLL_MILLIS);
        if (piece != null) {
          return piece;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      }
    }
    throw new MirrorFault("it sent nothing for " + words(timeouts.stall()));
  }

  private static void checkSize(long bytes, long most) throws MirrorFault {
    if (bytes > most) {
      throw new MirrorFault(
          "it sends more than the %s bytes that the file can have".formatted(IdxFile.number(most)));
    }
  }

  private static long size(List<ByteBuffer> buffers) {
    return buffers.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private static void write(List<ByteBuffer> buffers, WritableByteChannel target)
      throws IOException {
    for (ByteBuffer buffer : buffers) {
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
  }

  private static String share(long received, OptionalLong length) {
    if (received == 0) {
      return "0%";
    }
    if (length.orElse(0) > 0) {
      return Math.min(100, received * 100 / length.getAsLong()) + "%";
    }
    return String.format(Locale.ROOT, "%.1f MB", received / 1e6);
  }

  private static String reason(Throwable fault) {
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
        return "host not found";
      }
      if (t instanceof HttpConnectTimeoutException) {
        return "no connection in time";
      }
      if (t instanceof SSLException) {
        return "no trusted connection";
      }
    }
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof ConnectException) {
        // The client leaves the message out when the connection is refused.
        return t.getMessage() == null ? "connection refused" : "no connection";
      }
    }
    return "the connection broke off";
  }

  private static String words(Duration time) {
    return time.toMillis() < 1000
        ? time.toMillis() + " ms"
        : time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " minutes";
  }
}
