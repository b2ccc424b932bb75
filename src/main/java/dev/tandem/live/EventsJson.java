package dev.tandem.live;

import dev.tandem.run.Json;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All that a reader passes as one JSON array, in pieces. For one thread. */
final class EventsJson implements Iterator<String> {
  private final EventReader reader;
  private boolean begun;
  private boolean ended;

  /** Whether an event has been written. */
  private boolean some;

  EventsJson(EventReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public String next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    StringBuilder json = new StringBuilder(begun ? "" : "[");
    begun = true;
    List<Object> events = reader.next();
    if (!events.isEmpty()) {
      String array = Json.text(events);
      json.append(some ? "," : "").append(array, 1, array.length() - 1);
      some = true;
    }
    if (!reader.hasNext()) {
      ended = true;
      json.append(']');
    }
    return json.toString();
  }
}
