package dev.tandem.training;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP answer on its way, taken piece by piece by one thread that never waits longer than it
 * wants to: a blocking stream could be neither timed nor cancelled.
 */
final class Transfer implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer;
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;

  /**
   * What arrives: the {@link Head}, then {@link Bytes}, then the {@link End}; or a {@link Fault}.
   */
  sealed interface Piece permits Head, Bytes, End, Fault {}

  record Head(int status, OptionalLong contentLength) implements Piece {}

  record Bytes(List<ByteBuffer> buffers) implements Piece {}

  record End() implements Piece {}

  record Fault(Throwable cause) implements Piece {}

  /** Sends the request. */
  Transfer(HttpClient client, URI source) {
    HttpRequest request = HttpRequest.newBuilder(source).header("User-Agent", "Tandem").build();
    answer = client.sendAsync(request, BodyHandlers.ofPublisher());
    answer.whenComplete(
        (response, fault) -> {
          if (fault != null) {
            pieces.add(new Fault(fault));
            return;
          }
          pieces.add(new Head(response.statusCode(), contentLength(response)));
          response.body().subscribe(this);
        });
  }

  /** The next piece, or null if none came in this time. */
  Piece poll(long millis) throws InterruptedException {
    Piece piece = pieces.poll(millis, TimeUnit.MILLISECONDS);
    if (piece instanceof Bytes) {
      subscription.request(1); // one piece waits at most, however fast the server is
    }
    return piece;
  }

  /** Drops the connection if the answer has not ended. */
  @Override
  public void close() {
    closed = true;
    answer.cancel(true);
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription opened) {
    subscription = opened;
    if (closed) {
      opened.cancel();
    } else {
      opened.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable fault) {
    pieces.add(new Fault(fault));
  }

  @Override
  public void onComplete() {
    pieces.add(new End());
  }

  private static OptionalLong contentLength(HttpResponse<?> response) {
    try {
      return response.headers().firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
