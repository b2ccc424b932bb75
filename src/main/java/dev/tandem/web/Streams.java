package dev.tandem.web;

import dev.tandem.live.Pieces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that may be long. A piece is made, and compressed, off the event loop once the last one
 * has left, and written in slices, each in a turn of its own: a slow reader costs one piece of
 * memory, whatever there is to come. An answer that can't be finished is broken off, so that the
 * client sees it. At most {@value #MOST} are on their way at a time. Lives on one event loop.
 */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  private static final int MOST = 64;
  private static final int RETRY_SECONDS = 5;

  /** What is written in one turn; an answer that is no longer is not counted as long. */
  private static final int SLICE = 32 * 1024;

  private final WorkerExecutor encoders;
  private int open;

  Streams(WorkerExecutor encoders) {
    this.encoders = encoders;
  }

  /** Answers with all pieces, and closes them. */
  void answer(RoutingContext context, String type, Pieces pieces) {
    if (context.request().method() == HttpMethod.HEAD) {
      context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end();
      pieces.close();
      return;
    }
    boolean gzip =
        context.parsedHeaders().acceptEncoding().stream()
            .anyMatch(coding -> coding.value().equals("gzip") && coding.weight() > 0);
    Stream stream = new Stream(context.vertx(), context.response(), pieces, gzip);
    encoders
        .executeBlocking(stream::first, false)
        .onSuccess(first -> begin(context, type, stream, first))
        .onFailure(
            failure -> {
              stream.close();
              context.fail(failure);
            });
  }

  private void begin(RoutingContext context, String type, Stream stream, Piece first) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      stream.close();
    } else if (first.whole()) {
      stream.close();
      response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(first.bytes());
    } else if (open >= MOST) {
      stream.close();
      response.headers().remove("Content-Disposition");
      Problem.unavailable("%,d long answers are on their way already.".formatted(open))
          .answer(context, RETRY_SECONDS);
    } else {
      open++;
      response.putHeader(HttpHeaders.CONTENT_TYPE, type).setChunked(true);
      if (stream.gzip) {
        response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
      }
      stream.write(first, 0);
    }
  }

  /**
   * @param whole whether it is all there is, and not long
   */
  private record Piece(Buffer bytes, boolean last, boolean whole) {}

  private final class Stream {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Pieces pieces;
    private final boolean gzip;
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private GZIPOutputStream compressor;

    Stream(Vertx vertx, HttpServerResponse response, Pieces pieces, boolean gzip) {
      this.vertx = vertx;
      this.response = response;
      this.pieces = pieces;
      this.gzip = gzip;
    }

    // Made off the event loop.

    private Piece first() throws IOException {
      byte[] bytes = pieces.hasNext() ? pieces.next() : new byte[0];
      boolean last = !pieces.hasNext();
      return last && bytes.length <= SLICE
          ? new Piece(Buffer.buffer(bytes), true, true)
          : piece(bytes, last);
    }

    private Piece next() throws IOException {
      byte[] bytes = pieces.next();
      return piece(bytes, !pieces.hasNext());
    }

    private Piece piece(byte[] bytes, boolean last) throws IOException {
      if (!gzip) {
        return new Piece(Buffer.buffer(bytes), last, false);
      }
      if (compressor == null) {
        compressor = new Compressor(compressed);
      }
      compressor.write(bytes);
      if (last) {
        compressor.finish();
      }
      Buffer made = Buffer.buffer(compressed.toByteArray());
      compressed.reset();
      return new Piece(made, last, false);
    }

    // On the event loop.

    /** The rest of a piece, then what comes behind it. */
    void write(Piece piece, int from) {
      int length = piece.bytes().length();
      if (from < length) {
        int to = Math.min(length, from + SLICE);
        response
            .write(piece.bytes().slice(from, to))
            // It may have been written at once: not from within, which would be ever deeper.
            .onSuccess(written -> vertx.runOnContext(turn -> write(piece, to)))
            .onFailure(this::gone);
      } else if (piece.last()) {
        end();
        response.end().onFailure(failure -> LOG.debug("a reader has gone", failure));
      } else {
        Future<Piece> next = encoders.executeBlocking(this::next, false);
        next.onSuccess(made -> write(made, 0)).onFailure(this::failed);
      }
    }

    private void gone(Throwable failure) {
      LOG.debug("a reader has gone", failure);
      end();
    }

    private void failed(Throwable failure) {
      LOG.error("an answer is broken off", failure);
      end();
      response.reset();
    }

    private void end() {
      open--;
      close();
    }

    private void close() {
      pieces.close();
      try {
        if (compressor != null) {
          // It holds memory outside the heap.
          compressor.close();
        }
      } catch (IOException e) {
        throw new IllegalStateException("written to memory alone", e);
      }
    }
  }

  /** What takes a core for seconds is to be quick rather than small. */
  private static final class Compressor extends GZIPOutputStream {
    Compressor(ByteArrayOutputStream to) throws IOException {
      super(to);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
