package dev.tandem;

import dev.tandem.dl4j.BackendUnavailableException;
import dev.tandem.store.StoreException;
import io.vertx.core.Future;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/** The program: reads its settings, starts the server, says where it is, ends on a signal. */
public final class Tandem {
  private static final Logger LOG = LoggerFactory.getLogger(Tandem.class);
  private static final int COULD_NOT_START = 1;
  private static final int BAD_FLAGS = 2;

  /** A signal's ten seconds, less what the JVM itself needs. */
  private static final int SECONDS_TO_CLOSE = 9;

  private Tandem() {}

  public static void main(String[] args) {
    try {
      Flags.parse(args).ifPresent(Tandem::run);
    } catch (ParameterException e) {
      System.err.println(firstLine(e.getMessage()) + " (--help lists the flags)");
      System.exit(BAD_FLAGS);
    }
  }

  private static void run(Settings settings) {
    start(settings)
        .onSuccess(
            server -> {
              Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "tandem-close"));
              announce(
                  "Tandem is at "
                      + address(settings.host(), server.port())
                      + settings.access().basePath());
            })
        .onFailure(
            failure -> {
              System.err.println(reason(settings, failure));
              System.exit(COULD_NOT_START);
            });
  }

  private static Future<Server> start(Settings settings) {
    try {
      return Server.start(settings);
    } catch (IllegalStateException e) {
      // Vert.x wants a folder there, and throws what has no type of its own.
      String folder = System.getProperty("java.io.tmpdir");
      return Files.isWritable(Path.of(folder))
          ? Future.failedFuture(e)
          : Future.failedFuture(new UnwritableException(folder));
    }
  }

  /** The folder for temporary files can't be written to. */
  private static final class UnwritableException extends Exception {
    private static final long serialVersionUID = 1;

    UnwritableException(String folder) {
      super(
          "Tandem can't write to the folder for temporary files, %s. Name another: java -Djava.io.tmpdir=FOLDER …"
              .formatted(folder));
    }
  }

  private static void close(Server server) {
    try {
      server.close().toCompletableFuture().get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("did not close in good order", e);
    }
  }

  /** The one line on standard output: what starts the server may wait for it. */
  private static void announce(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static String reason(Settings settings, Throwable failure) {
    String where = settings.host() + ":" + settings.port();
    if (failure instanceof BindException) {
      return "Tandem can't listen on %s: %s. Choose another with --port, or --port 0 for a free one."
          .formatted(where, failure.getMessage());
    }
    if (failure instanceof UnknownHostException) {
      return "Tandem can't listen on %s: there is no such address. Choose another with --host."
          .formatted(where);
    }
    if (failure instanceof BackendUnavailableException) {
      return "Tandem " + failure.getMessage() + ".";
    }
    if (failure instanceof StoreException || failure instanceof UnwritableException) {
      return failure.getMessage();
    }
    LOG.error("could not start", failure);
    return "Tandem could not start: " + firstLine(String.valueOf(failure));
  }

  /** Where a browser on this machine finds it: none can open an address that means all of them. */
  static String address(String host, int port) {
    String name = host;
    try {
      InetAddress listening = InetAddress.getByName(host);
      if (listening.isAnyLocalAddress()) {
        name = listening instanceof Inet6Address ? "::1" : "127.0.0.1";
      }
    } catch (UnknownHostException e) {
      LOG.debug("{} is named as it was given", host, e);
    }
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
