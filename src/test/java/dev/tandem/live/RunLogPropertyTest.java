package dev.tandem.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.run.Normalization;
import dev.tandem.run.Run;
import dev.tandem.run.RunEvent;
import dev.tandem.run.RunEvent.RunChange;
import dev.tandem.run.RunStatus;
import dev.tandem.run.SettingsBuilder;
import dev.tandem.run.TrainingEvent.Layers;
import dev.tandem.run.TrainingEvent.Steps;
import dev.tandem.run.TrainingEvent.TrainingChange;
import dev.tandem.run.TrainingStatus;
import dev.tandem.run.Variant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Appends, slow readers, readers that come back and restarts in any order, against a plain model: a
 * list of all that was appended.
 */
class RunLogPropertyTest {
  private static final int READERS = 3;
  private static final Run RUN =
      new Run(
          "r",
          RunStatus.RUNNING,
          Instant.EPOCH,
          null,
          null,
          null,
          null,
          new SettingsBuilder()
              .data(100, 10)
              .epochs(1)
              .batchSize(10)
              .learningRate(0.1)
              .hiddenLayers(List.of(4))
              .seed(1)
              .variants(
                  List.of(
                      new Variant("a", Map.of("normalization", Normalization.NONE)),
                      new Variant("b", Map.of("normalization", Normalization.BATCH))))
              .build(),
          List.of());

  @Property(tries = 500)
  void everyReader_getsEveryEventOnce_inOrder(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 10) Integer> operations) {
    Model model = new Model();
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new Reader());
    }
    for (int operation : operations) {
      switch (operation) {
        case 0, 1, 2 -> model.steps("a", 1 + operation);
        case 3, 4 -> model.steps("b", operation);
        case 5 -> model.change("a");
        case 6 -> model.change("run");
        // The first reads often, the second now and then, the third only in the end.
        case 7 -> readers.get(0).read(model.log);
        case 8 -> readers.get(1).read(model.log);
        case 9 -> model.layers("a");
        default -> model.restart();
      }
    }
    for (Reader reader : readers) {
      reader.read(model.log);
      assertEquals(model.losses, reader.losses);
      assertEquals(model.others, reader.others);
      assertEquals(model.seq, reader.seen);
    }
  }

  /** What was appended, and the log it was appended to. */
  private static final class Model {
    final Map<String, List<Double>> losses = new HashMap<>();
    final List<Long> others = new ArrayList<>();
    final List<RunEvent> durable = new ArrayList<>();
    RunLog log = new RunLog();
    long seq;

    void steps(String variant, int count) {
      List<Double> all = losses.computeIfAbsent(variant, name -> new ArrayList<>());
      float[] values = new float[count];
      long from = all.size() + 1;
      for (int i = 0; i < count; i++) {
        values[i] = 1 + all.size() / 1024f;
        all.add((double) values[i]);
      }
      append(new Steps(++seq, variant, 1, from, values, 0, null));
    }

    void layers(String variant) {
      seq++;
      others.add(seq);
      append(new Layers(seq, variant, 1, seq, List.of()));
    }

    void change(String of) {
      seq++;
      others.add(seq);
      append(
          of.equals("run")
              ? new RunChange(seq, RunStatus.RUNNING, Instant.EPOCH)
              : new TrainingChange(seq, of, 1, TrainingStatus.RUNNING, null));
    }

    /** The log as the next server reads it from the store. */
    void restart() {
      log = new RunLog();
      putTogether().forEach(event -> log.append(RUN, event));
      log.settle();
    }

    /**
     * As the store does it: of each training up to three events become one, in the last's place.
     */
    private List<RunEvent> putTogether() {
      TreeMap<Long, RunEvent> rows = new TreeMap<>();
      Map<String, List<Steps>> loose = new HashMap<>();
      for (RunEvent event : durable) {
        rows.put(event.seq(), event);
        if (event instanceof Steps steps) {
          List<Steps> of = loose.computeIfAbsent(steps.variant(), name -> new ArrayList<>());
          of.add(steps);
          if (of.size() == 3) {
            of.forEach(one -> rows.remove(one.seq()));
            rows.put(steps.seq(), Steps.together(of));
            of.clear();
          }
        }
      }
      return List.copyOf(rows.values());
    }

    private void append(RunEvent event) {
      durable.add(event);
      log.append(RUN, event);
    }
  }

  /** A client with a cursor, and all it was sent. */
  private static final class Reader {
    final Map<String, List<Double>> losses = new HashMap<>();
    final List<Long> others = new ArrayList<>();
    long seen;

    void read(RunLog log) {
      while (seen < log.last()) {
        Frame frame = log.after(seen);
        for (Object event : new JsonArray(frame.text())) {
          take((JsonObject) event);
        }
        assertEquals(frame.last(), seen);
      }
    }

    private void take(JsonObject event) {
      long seq = event.getLong("seq");
      assertTrue(seq > seen, () -> "event " + seq + " after " + seen);
      seen = seq;
      if (!event.getString("type").equals("steps")) {
        others.add(seq);
        return;
      }
      List<Double> all =
          losses.computeIfAbsent(event.getString("variant"), name -> new ArrayList<>());
      assertEquals(all.size() + 1, event.getInteger("from"));
      for (Object loss : event.getJsonArray("losses")) {
        all.add((double) ((Number) loss).floatValue());
      }
    }
  }
}
