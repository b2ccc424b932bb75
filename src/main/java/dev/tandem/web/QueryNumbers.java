package dev.tandem.web;

import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Numbers and choices in a query string, and all that is wrong with them. */
final class QueryNumbers {
  private final RoutingContext context;
  private final Map<String, String> errors = new TreeMap<>();

  QueryNumbers(RoutingContext context) {
    this.context = context;
  }

  /** The parameter's value, or {@code absent} where it is not given or wrong. */
  long get(String name, long absent, long least, long greatest) {
    String text = context.request().getParam(name);
    if (text == null) {
      return absent;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= greatest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, like a number out of bounds.
    }
    errors.put(
        name,
        "must be a whole number from %,d to %,d, not \"%s\"".formatted(least, greatest, cut(text)));
    return absent;
  }

  /** The same for a number with a fraction. */
  double get(String name, double absent, double least, double greatest) {
    String text = context.request().getParam(name);
    if (text == null) {
      return absent;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= greatest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, like a number out of bounds.
    }
    errors.put(
        name,
        "must be a number from %s to %s, not \"%s\""
            .formatted(plain(least), plain(greatest), cut(text)));
    return absent;
  }

  /** The same for one of some words. */
  String get(String name, String absent, Collection<String> words) {
    String text = context.request().getParam(name);
    if (text == null || words.contains(text)) {
      return text == null ? absent : text;
    }
    errors.put(
        name, "must be one of %s, not \"%s\"".formatted(String.join(", ", words), cut(text)));
    return absent;
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String cut(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /** All that is wrong so far, to which faults elsewhere in the request may be added. */
  Map<String, String> errors() {
    return errors;
  }

  /** Answers with what was wrong, if anything was. */
  boolean answeredFaults() {
    if (errors.isEmpty()) {
      return false;
    }
    Problem.badFields(errors).answer(context);
    return true;
  }
}
