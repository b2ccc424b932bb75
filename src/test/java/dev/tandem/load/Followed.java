package dev.tandem.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Whether those who followed a run got what happened in it. */
final class Followed {
  private final Map<String, float[]> losses = new HashMap<>();
  private final Map<Crowd.Message, List<Event>> parsed = new IdentityHashMap<>();

  /**
   * @param events the whole run's, as the API tells them after its end
   */
  Followed(JsonArray events) {
    for (Object of : events) {
      Event event = Event.of((JsonObject) of);
      if (event.losses != null) {
        float[] before = losses.getOrDefault(event.variant, new float[0]);
        assertEquals(before.length + 1, event.from);
        float[] all = java.util.Arrays.copyOf(before, before.length + event.losses.length);
        System.arraycopy(event.losses, 0, all, before.length, event.losses.length);
        losses.put(event.variant, all);
      }
    }
  }

  /** Losses in the whole run. */
  int count() {
    return losses.values().stream().mapToInt(of -> of.length).sum();
  }

  /** Every loss of every variant once, in order, with its value, and the numbers rising. */
  void assertComplete(Crowd.Viewer viewer) {
    Map<String, Integer> next = new HashMap<>();
    long seq = 0;
    for (Crowd.Message message : viewer.got) {
      for (Event event : parsed.computeIfAbsent(message, Followed::parse)) {
        assertTrue(event.seq > seq, "event " + event.seq + " after " + seq);
        seq = event.seq;
        if (event.losses != null) {
          int from = next.getOrDefault(event.variant, 1);
          assertEquals(from, event.from, "a " + viewer.kind + " viewer's next loss");
          float[] whole = losses.get(event.variant);
          int to = from - 1 + event.losses.length;
          assertEquals(
              -1,
              java.util.Arrays.mismatch(
                  event.losses, java.util.Arrays.copyOfRange(whole, from - 1, to)));
          next.put(event.variant, to + 1);
        }
      }
    }
    losses.forEach((variant, all) -> assertEquals(all.length + 1, next.get(variant)));
  }

  private static List<Event> parse(Crowd.Message message) {
    return message.events().stream().map(of -> Event.of((JsonObject) of)).toList();
  }

  /**
   * @param losses null for an event that is no steps
   */
  private record Event(long seq, String variant, int from, float[] losses) {
    static Event of(JsonObject json) {
      if (!json.getString("type").equals("steps")) {
        return new Event(json.getLong("seq"), null, 0, null);
      }
      JsonArray values = json.getJsonArray("losses");
      float[] losses = new float[values.size()];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = values.getFloat(i);
      }
      return new Event(
          json.getLong("seq"), json.getString("variant"), json.getInteger("from"), losses);
    }
  }
}
