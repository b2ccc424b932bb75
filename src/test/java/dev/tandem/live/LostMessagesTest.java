package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.BusMessageCodec;
import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunSettings;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.StoreMessage;
import dev.tandem.run.Training;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bus that loses messages and brings some twice; the store has all of them. */
class LostMessagesTest {
  private final Vertx vertx = Vertx.vertx();
  private final Following following = new Following();
  private final Teller first = new Teller("20260101-000000-001-aaaa");
  private final Teller second = new Teller("20260101-000000-002-bbbb");

  @BeforeEach
  void start() {
    BusMessageCodec.register(vertx);
    vertx
        .eventBus()
        .<StoreMessage.ReadEvents>consumer(
            Addresses.STORE_EVENTS,
            asked -> {
              Teller of = asked.body().runId().equals(first.id) ? first : second;
              asked.reply(of.after(asked.body().after(), asked.body().limit()));
            });
    TestServer.await(vertx.deployVerticle(following));
  }

  @AfterEach
  void close() {
    TestServer.await(vertx.close());
  }

  @Test
  void messagesLostAndRepeated_followersGetEveryEventOnce() {
    first.happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH));
    second.happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH));
    tell(first.untold());
    tell(second.untold());
    Follower ofFirst = follow(first);
    Follower ofSecond = follow(second);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      first.steps(random.nextInt(2), 1 + random.nextInt(5));
      second.steps(random.nextInt(2), 1 + random.nextInt(5));
      if (random.nextInt(3) == 0) {
        continue;
      }
      // Both runs in one message: what is wrong with one is not to hurt the other.
      List<BusMessage.Happened> news = new ArrayList<>(first.untold());
      news.addAll(second.untold());
      int fate = random.nextInt(4);
      if (fate > 0) {
        tell(news);
      }
      if (fate == 1) {
        tell(news);
      }
    }
    first.happens(new RunChange(0, RunStatus.COMPLETED, Instant.EPOCH));
    second.happens(new RunChange(0, RunStatus.COMPLETED, Instant.EPOCH));
    // Also the very last message is lost, of one run.
    first.untold();
    tell(second.untold());
    assertEquals(first.losses, ofFirst.untilEnd());
    assertEquals(second.losses, ofSecond.untilEnd());
    assertEquals(first.seq, ofFirst.seen);
  }

  @Test
  void beginningToldAgain_bringsNoEndedRunBack() throws Exception {
    BlockingQueue<JsonArray> all = following.watchAll();
    first.happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH));
    List<BusMessage.Happened> beginning = first.untold();
    tell(beginning);
    first.happens(new RunChange(0, RunStatus.COMPLETED, Instant.EPOCH));
    tell(first.untold());
    List<String> statuses = new ArrayList<>();
    statuses(all, statuses, "completed");
    tell(beginning);
    // A message behind it, so that it has been heard.
    second.happens(new RunChange(0, RunStatus.RUNNING, Instant.EPOCH));
    tell(second.untold());
    statuses(all, statuses, second.id);
    assertEquals("completed", statuses.get(statuses.size() - 2));
    assertEquals(new HashMap<>(), follow(first).untilEnd());
  }

  private static void statuses(BlockingQueue<JsonArray> all, List<String> statuses, String until)
      throws InterruptedException {
    while (!statuses.contains(until)) {
      JsonArray frame = all.poll(TestServer.SECONDS, TimeUnit.SECONDS);
      for (Object each : frame) {
        JsonObject change = (JsonObject) each;
        boolean ofFirst = change.getString("id").endsWith("aaaa");
        statuses.add(change.getString(ofFirst ? "status" : "id"));
      }
    }
  }

  private void tell(List<BusMessage.Happened> news) {
    vertx.eventBus().publish(Addresses.EVENTS, new BusMessage.News(news));
  }

  private Follower follow(Teller of) {
    return new Follower(following.connect("/" + of.id));
  }

  /** {@link Live}, and a server on its event loop. */
  private static final class Following extends VerticleBase {
    private HttpServer server;

    @Override
    public Future<?> start() {
      Live live =
          new Live(vertx, new SimpleMeterRegistry(), Clock.systemUTC(), Duration.ofMillis(1200));
      return live.start()
          .compose(
              heard ->
                  vertx
                      .createHttpServer()
                      .requestHandler(
                          request -> {
                            if (request.path().equals("/")) {
                              request.toWebSocket().onSuccess(live::followAll);
                              return;
                            }
                            request.pause();
                            live.run(request.path().substring(1))
                                .onSuccess(
                                    run ->
                                        request
                                            .toWebSocket()
                                            .onSuccess(
                                                socket ->
                                                    run.follow(
                                                        0, java.util.Optional.empty(), socket)));
                          })
                      .listen(0, "127.0.0.1"))
          .onSuccess(listening -> server = listening);
    }

    BlockingQueue<JsonArray> connect(String path) {
      BlockingQueue<JsonArray> frames = new LinkedBlockingQueue<>();
      TestServer.await(
          vertx
              .createWebSocketClient()
              .connect(server.actualPort(), "127.0.0.1", path)
              .onSuccess(
                  socket -> socket.textMessageHandler(text -> frames.add(new JsonArray(text)))));
      return frames;
    }

    BlockingQueue<JsonArray> watchAll() {
      return connect("/");
    }
  }

  /** A run that happens: what of it is durable, and what is not told yet. */
  private static final class Teller {
    final Map<String, List<Double>> losses = new HashMap<>();
    private final String id;
    private final List<BusMessage.Happened> durable = new CopyOnWriteArrayList<>();
    private Run run;
    private long seq;
    private int told;

    Teller(String id) {
      this.id = id;
      RunSettings settings =
          new SettingsBuilder()
              .data(1000, 10)
              .epochs(10)
              .batchSize(10)
              .learningRate(0.1)
              .hiddenLayers(List.of(4))
              .seed(1)
              .variants(
                  List.of(
                      new Variant("a", Map.of("normalization", Normalization.NONE)),
                      new Variant("b", Map.of("normalization", Normalization.BATCH))))
              .build();
      run =
          new Run(
              id,
              RunStatus.QUEUED,
              Instant.EPOCH,
              null,
              null,
              null,
              null,
              settings,
              List.of(training("a"), training("b")));
    }

    private static Training training(String variant) {
      return new Training(variant, 1, TrainingStatus.RUNNING, 0, 0, null, null, null, null, null);
    }

    void steps(int variant, int count) {
      String name = variant == 0 ? "a" : "b";
      List<Double> all = losses.computeIfAbsent(name, of -> new ArrayList<>());
      float[] values = new float[count];
      long from = all.size() + 1;
      for (int i = 0; i < count; i++) {
        values[i] = 1 + all.size() / 1024f;
        all.add((double) values[i]);
      }
      happens(new Steps(0, name, 1, from, values, 0, null));
    }

    void happens(RunEvent event) {
      RunEvent numbered = event.numbered(++seq);
      run = run.after(numbered);
      durable.add(new BusMessage.Happened(run, numbered));
    }

    List<BusMessage.Happened> untold() {
      List<BusMessage.Happened> news = List.copyOf(durable.subList(told, durable.size()));
      told = durable.size();
      return news;
    }

    StoreMessage.Events after(long after, int limit) {
      List<BusMessage.Happened> all = List.copyOf(durable);
      List<RunEvent> events =
          all.stream()
              .map(BusMessage.Happened::event)
              .filter(event -> event.seq() > after)
              .limit(limit)
              .toList();
      return new StoreMessage.Events(all.get(all.size() - 1).run(), events);
    }
  }

  /** A client with what it was sent. */
  private static final class Follower {
    private final BlockingQueue<JsonArray> frames;
    private long seen;

    Follower(BlockingQueue<JsonArray> frames) {
      this.frames = frames;
    }

    /** Every loss; fails where one is missing or comes twice. */
    Map<String, List<Double>> untilEnd() {
      Map<String, List<Double>> losses = new HashMap<>();
      String status = "running";
      while (status.equals("running")) {
        for (Object each : next()) {
          JsonObject event = (JsonObject) each;
          assertTrue(event.getLong("seq") > seen, event::encode);
          seen = event.getLong("seq");
          if (event.getString("type").equals("run")) {
            status = event.getString("status");
          } else {
            List<Double> all =
                losses.computeIfAbsent(event.getString("variant"), of -> new ArrayList<>());
            assertEquals(all.size() + 1, event.getInteger("from"));
            event
                .getJsonArray("losses")
                .forEach(loss -> all.add((double) ((Number) loss).floatValue()));
          }
        }
      }
      return losses;
    }

    private JsonArray next() {
      try {
        JsonArray frame = frames.poll(TestServer.SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("nothing after event " + seen);
        }
        return frame;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
