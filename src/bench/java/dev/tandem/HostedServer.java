package dev.tandem;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server in this process, with the defaults of the command line. */
public final class HostedServer implements AutoCloseable {
  private final Server server;

  public HostedServer(Path dataDir) throws Exception {
    String[] flags = {"--port", "0", "--data-dir", dataDir.toString()};
    server =
        Server.start(Flags.parse(flags).orElseThrow())
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() throws Exception {
    server.close().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
