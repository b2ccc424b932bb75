package dev.tandem.web;

import dev.tandem.live.Pieces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that may be long. A piece is made off the event loop once the last one has left, and
 * written in slices, each in a turn of its own: a slow reader costs one piece of memory, whatever
 * there is to come. An answer that can't be finished is broken off, so that the client sees it. At
 * most {@value #MOST} are on their way at a time. Lives on one event loop.
 */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  private static final int MOST = 64;
  private static final int RETRY_SECONDS = 5;

  /** What is compressed and written in one turn. */
  private static final int SLICE = 32 * 1024;

  private final WorkerExecutor encoders;
  private int open;

  Streams(WorkerExecutor encoders) {
    this.encoders = encoders;
  }

  /** Answers with all pieces, and closes them. */
  void answer(RoutingContext context, String type, Pieces pieces) {
    Stream stream = new Stream(context.vertx(), context.response(), pieces);
    stream
        .make()
        .onSuccess(first -> begin(context, type, stream, first))
        .onFailure(
            failure -> {
              pieces.close();
              context.fail(failure);
            });
  }

  private void begin(RoutingContext context, String type, Stream stream, Piece first) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      stream.pieces.close();
      return;
    }
    boolean small = first.last() && first.bytes().length() <= SLICE;
    if (!small && open >= MOST) {
      stream.pieces.close();
      response.headers().remove("Content-Disposition");
      Problem.unavailable("%,d long answers are on their way already.".formatted(open))
          .answer(context, RETRY_SECONDS);
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (small) {
      stream.pieces.close();
      response.end(first.bytes());
      return;
    }
    open++;
    response.setChunked(true);
    stream.write(first, 0);
  }

  private record Piece(Buffer bytes, boolean last) {}

  private final class Stream {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Pieces pieces;

    Stream(Vertx vertx, HttpServerResponse response, Pieces pieces) {
      this.vertx = vertx;
      this.response = response;
      this.pieces = pieces;
    }

    Future<Piece> make() {
      return encoders.executeBlocking(
          () -> {
            Buffer bytes = Buffer.buffer(pieces.hasNext() ? pieces.next() : new byte[0]);
            return new Piece(bytes, !pieces.hasNext());
          },
          false);
    }

    /** The rest of a piece, then what comes behind it. */
    void write(Piece piece, int from) {
      int length = piece.bytes().length();
      if (from < length) {
        int to = Math.min(length, from + SLICE);
        response
            .write(piece.bytes().slice(from, to))
            // Where it is compressed it may have been written at once: not from within, but next.
            .onSuccess(written -> vertx.runOnContext(turn -> write(piece, to)))
            .onFailure(this::broken);
      } else if (piece.last()) {
        close();
        response.end().onFailure(gone -> LOG.debug("a reader has gone", gone));
      } else {
        make().onSuccess(next -> write(next, 0)).onFailure(this::failed);
      }
    }

    private void broken(Throwable failure) {
      LOG.debug("a reader has gone", failure);
      close();
    }

    private void failed(Throwable failure) {
      LOG.error("an answer is broken off", failure);
      close();
      response.reset();
    }

    private void close() {
      open--;
      pieces.close();
    }
  }
}
