package dev.tandem.coordinator;

import dev.tandem.run.Addresses;
import dev.tandem.run.BusMessage;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.StoreMessage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what it is given in memory; refuses it, or leaves it without an answer, when told to. */
final class FakeStore extends VerticleBase {
  final Map<String, Run> runs = new ConcurrentSkipListMap<>();
  final Map<String, Long> lastSeqs = new ConcurrentHashMap<>();
  final Map<String, String> keys = new ConcurrentHashMap<>();
  final Map<String, RunEvent> firsts = new ConcurrentHashMap<>();
  final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger refusals = new AtomicInteger();
  final AtomicInteger batches = new AtomicInteger();
  volatile boolean refuse;

  /** Whether what it is given becomes durable only when the test {@link #commit}s it. */
  volatile boolean hang;

  /** What has no answer yet. */
  final List<Message<StoreMessage.Append>> hanging =
      Collections.synchronizedList(new ArrayList<>());

  FakeStore() {}

  /** One that has what another one had, as after a crash. */
  FakeStore(FakeStore before) {
    runs.putAll(before.runs);
    lastSeqs.putAll(before.lastSeqs);
    keys.putAll(before.keys);
    firsts.putAll(before.firsts);
  }

  @Override
  public Future<?> start() {
    var bus = vertx.eventBus();
    return Future.all(
        List.of(
            bus.<StoreMessage.Append>consumer(Addresses.STORE_APPEND, this::append).completion(),
            bus.<BusMessage.ForRun>consumer(
                    Addresses.STORE_RUN,
                    of -> of.reply(new BusMessage.OneRun(runs.get(of.body().id()))))
                .completion(),
            bus.<StoreMessage.ForKey>consumer(
                    Addresses.STORE_SUBMITTED, of -> of.reply(submitted(of.body())))
                .completion(),
            bus.<BusMessage.ForRun>consumer(Addresses.STORE_DELETE, this::delete).completion(),
            bus.<BusMessage.ListRuns>consumer(Addresses.STORE_LIST, this::list).completion(),
            bus.<BusMessage>consumer(
                    Addresses.STORE_UNFINISHED,
                    of -> of.reply(new StoreMessage.ManyStored(unfinished())))
                .completion()));
  }

  String deploymentId() {
    return context.deploymentID();
  }

  private void append(Message<StoreMessage.Append> request) {
    if (refuse) {
      refusals.incrementAndGet();
      request.fail(1, "the disk is full");
    } else if (hang) {
      hanging.add(request);
    } else {
      write(request);
    }
  }

  /** What hangs becomes durable now. */
  void commit() {
    hang = false;
    List.copyOf(hanging).forEach(this::write);
    hanging.clear();
  }

  private void write(Message<StoreMessage.Append> request) {
    batches.incrementAndGet();
    for (BusMessage.Happened news : request.body().news()) {
      runs.put(news.run().id(), news.run());
      lastSeqs.put(news.run().id(), news.event().seq());
      firsts.putIfAbsent(news.run().id(), news.event());
      events.add(news.event());
    }
    request.body().idempotencyKeys().forEach((id, key) -> keys.put(key, id));
    request.reply(null);
  }

  private StoreMessage.Events submitted(StoreMessage.ForKey asked) {
    String id = keys.get(asked.idempotencyKey());
    return id == null
        ? new StoreMessage.Events(null, List.of())
        : new StoreMessage.Events(runs.get(id), List.of(firsts.get(id)));
  }

  private void delete(Message<BusMessage.ForRun> request) {
    runs.remove(request.body().id());
    keys.values().remove(request.body().id());
    request.reply(null);
  }

  private void list(Message<BusMessage.ListRuns> request) {
    if (refuse) {
      request.fail(-1, "the disk is broken");
      return;
    }
    List<Run> all = new ArrayList<>(runs.values());
    Collections.reverse(all);
    int limit = Math.min(request.body().query().limit(), all.size());
    request.reply(new BusMessage.ManyRuns(all.subList(0, limit), all.size(), all.size(), null));
  }

  private List<StoreMessage.Stored> unfinished() {
    return runs.values().stream()
        .filter(run -> !run.status().hasEnded())
        .map(run -> new StoreMessage.Stored(run, lastSeqs.get(run.id())))
        .toList();
  }
}
