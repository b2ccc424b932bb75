package dev.tandem.bench;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Follows a run over a WebSocket, as the page does. */
final class Viewer implements WebSocket.Listener {
  private static final Pattern END =
      Pattern.compile(
          "\\{(?=[^{}]*\"type\":\"run\")[^{}]*\"status\":\"(completed|cancelled|failed)");

  private static final int MINUTES = 2;

  private final CompletableFuture<Long> firstLoss = new CompletableFuture<>();
  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private final StringBuilder frame = new StringBuilder();

  /** Starts a run and follows it at once. */
  static Viewer start(Http http, String json) throws Exception {
    return follow(http, http.start(json));
  }

  static Viewer follow(Http http, String run) {
    Viewer viewer = new Viewer();
    URI address = URI.create(http.url().replace("http:", "ws:") + "/api/runs/" + run + "/live");
    http.client().newWebSocketBuilder().buildAsync(address, viewer).join();
    return viewer;
  }

  /** When the first loss came, by {@link System#nanoTime}. */
  long firstLoss() throws Exception {
    return firstLoss.get(MINUTES, TimeUnit.MINUTES);
  }

  /** When the run's end came. */
  long end() throws Exception {
    return end.get(MINUTES, TimeUnit.MINUTES);
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    frame.append(data);
    if (last) {
      if (!firstLoss.isDone() && frame.indexOf("\"type\":\"steps\"") >= 0) {
        firstLoss.complete(System.nanoTime());
      }
      // Few frames hold a run's change: a viewer is to cost the machine as little as it can.
      if (frame.indexOf("\"type\":\"run\"") >= 0 && END.matcher(frame).find()) {
        end.complete(System.nanoTime());
        socket.abort();
      }
      frame.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable failure) {
    firstLoss.completeExceptionally(failure);
    end.completeExceptionally(failure);
  }
}
