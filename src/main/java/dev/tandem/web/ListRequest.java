package dev.tandem.web;

import dev.tandem.run.RunIds;
import dev.tandem.run.RunQuery;
import dev.tandem.run.RunQuery.Order;
import dev.tandem.run.RunQuery.Place;
import dev.tandem.run.RunStatus;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which runs a query string asks for; what is given empty is as if it weren't. */
final class ListRequest {
  private static final int MAX_PAGE = 200;
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_SEARCH = 200;

  /** Between a place's key, which may hold any character, and its id, which can't hold this one. */
  private static final char MARK = '~';

  private final MultiMap params;
  private final Map<String, String> errors;

  private ListRequest(MultiMap params, Map<String, String> errors) {
    this.params = params;
    this.errors = errors;
  }

  /** Empty if something is wrong; all of it has been answered then. */
  static Optional<RunQuery> of(RoutingContext context) {
    QueryNumbers numbers = new QueryNumbers(context);
    int limit = (int) numbers.get("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    ListRequest request = new ListRequest(context.request().params(), numbers.errors());
    RunQuery query = request.query(limit);
    return numbers.answeredFaults() ? Optional.empty() : Optional.of(query);
  }

  private RunQuery query(int limit) {
    Order by = oneOf("sort", Order.values(), Order.TIME);
    Direction usual = by == Order.NAME ? Direction.ASC : Direction.DESC;
    boolean ascending = oneOf("order", Direction.values(), usual) == Direction.ASC;
    return new RunQuery(search(), statuses(), by, ascending, place(by), limit);
  }

  private String search() {
    String text = given("search");
    int length = text.codePointCount(0, text.length());
    if (length > MAX_SEARCH) {
      errors.put(
          "search", "must have at most %,d characters, not %,d".formatted(MAX_SEARCH, length));
    } else if (text.chars().anyMatch(Character::isISOControl)) {
      errors.put("search", "must be one line, without control characters");
    }
    return text;
  }

  /** Several may be given with commas, or one by one. */
  private Set<RunStatus> statuses() {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String all : params.getAll("status")) {
      for (String one : all.split(",")) {
        named(RunStatus.values(), one).ifPresentOrElse(statuses::add, () -> unknown(one));
      }
    }
    return statuses;
  }

  private void unknown(String status) {
    if (!status.isBlank()) {
      errors.put("status", notOneOf(RunStatus.values(), status));
    }
  }

  private Place place(Order by) {
    String text = given("before");
    if (text.isEmpty()) {
      return null;
    }
    int mark = text.lastIndexOf(MARK);
    String key = mark < 0 ? null : text.substring(0, mark);
    String id = text.substring(mark + 1);
    boolean sound = RunIds.isOne(id) && (key == null) == (by == Order.TIME);
    if (!sound || key != null && !isKey(by, key)) {
      errors.put(
          "before", "must be what the page before gave as next, or, by time, the id of a run");
    }
    return new Place(key, id);
  }

  private static boolean isKey(Order by, String key) {
    return by == Order.ACCURACY
        ? key.matches("-?[0-9]+(\\.[0-9]+(E-?[0-9]+)?)?") && key.length() < 40
        : key.chars().noneMatch(Character::isISOControl);
  }

  /** A place as it is given out. */
  static String next(Place place) {
    if (place == null) {
      return null;
    }
    return place.key() == null ? place.id() : place.key() + MARK + place.id();
  }

  private String given(String name) {
    String text = params.get(name);
    return text == null ? "" : text;
  }

  private <E extends Enum<E>> E oneOf(String name, E[] all, E absent) {
    String text = given(name);
    if (text.isEmpty()) {
      return absent;
    }
    Optional<E> found = named(all, text);
    if (found.isEmpty()) {
      errors.put(name, notOneOf(all, text));
    }
    return found.orElse(absent);
  }

  private static <E extends Enum<E>> Optional<E> named(E[] all, String text) {
    return Arrays.stream(all).filter(one -> label(one).equals(text)).findFirst();
  }

  private static <E extends Enum<E>> String notOneOf(E[] all, String text) {
    List<String> labels = Arrays.stream(all).map(ListRequest::label).toList();
    String cut = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return "must be %s, not \"%s\""
        .formatted(labels.stream().collect(Collectors.joining(" or ")), cut);
  }

  private static String label(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }

  private enum Direction {
    ASC,
    DESC
  }
}
