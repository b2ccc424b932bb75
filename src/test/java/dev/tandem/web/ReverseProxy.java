package dev.tandem.web;

import dev.tandem.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that serves Tandem below a path, and nothing else, as nginx or a notebook hub would. */
final class ReverseProxy implements AutoCloseable {
  /** Whether the path goes on to the server. */
  enum Path {
    TAKEN_OFF,
    PASSED_ON
  }

  private static final String PREFIX = "/tandem";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = vertx.createHttpClient();
  private final WebSocketClient sockets = vertx.createWebSocketClient();
  private final List<String> strays = new CopyOnWriteArrayList<>();
  private final TestServer tandem;
  private final Path path;
  private final HttpServer server;

  /** It asks under the server's own address, whatever name the client has used. */
  ReverseProxy(TestServer tandem, Path path) {
    this.tandem = tandem;
    this.path = path;
    this.server =
        TestServer.await(
            vertx.createHttpServer().requestHandler(this::pass).listen(0, "localhost"));
  }

  /** Where a browser finds the page. */
  String url() {
    return "http://localhost:" + server.actualPort() + PREFIX + "/";
  }

  /** What was asked for outside of the path. */
  List<String> strays() {
    return strays;
  }

  private void pass(HttpServerRequest request) {
    if (!request.path().startsWith(PREFIX + "/")) {
      strays.add(request.path());
      request.response().setStatusCode(404).end("somebody else's");
    } else if (request.headers().contains(HttpHeaders.UPGRADE)) {
      passSocket(request);
    } else {
      request.pause();
      http.request(to(request, new RequestOptions().setMethod(request.method())))
          .compose(asked -> asked.send(request))
          .onSuccess(answer -> passBack(answer, request))
          .onFailure(failure -> request.response().setStatusCode(502).end());
    }
  }

  private static void passBack(HttpClientResponse answer, HttpServerRequest request) {
    request.response().setStatusCode(answer.statusCode());
    request.response().headers().setAll(answer.headers());
    answer.pipeTo(request.response());
  }

  private void passSocket(HttpServerRequest request) {
    request.pause();
    WebSocketConnectOptions options = to(request, new WebSocketConnectOptions());
    options.getHeaders().remove("Sec-WebSocket-Key").remove("Sec-WebSocket-Extensions");
    options.getHeaders().remove("Sec-WebSocket-Version");
    // The visitor's first: what the server says before there is one to say it to would be lost.
    request
        .toWebSocket()
        .onSuccess(
            outer -> {
              ClientWebSocket inner = sockets.webSocket();
              inner.textMessageHandler(outer::writeTextMessage);
              inner.closeHandler(closed -> outer.close());
              inner
                  .connect(options)
                  .onSuccess(joined -> outer.closeHandler(closed -> inner.close()))
                  .onFailure(failure -> outer.close());
            });
  }

  private <T extends RequestOptions> T to(HttpServerRequest request, T options) {
    String uri = request.uri();
    options
        .setServer(SocketAddress.inetSocketAddress(tandem.port(), "127.0.0.1"))
        .setHost("127.0.0.1")
        .setPort(tandem.port())
        .setURI(path == Path.TAKEN_OFF ? uri.substring(PREFIX.length()) : uri)
        .setHeaders(HttpHeaders.headers().addAll(request.headers()).remove(HttpHeaders.HOST));
    if (path == Path.TAKEN_OFF) {
      options.putHeader("X-Forwarded-Prefix", PREFIX);
    }
    return options;
  }

  @Override
  public void close() {
    TestServer.await(vertx.close());
  }
}
