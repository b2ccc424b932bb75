package dev.tandem.web;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Another name or note for a run.
 *
 * @param name one line; empty for none; null to leave it as it is
 * @param note empty for none; null to leave it as it is
 */
record LabelRequest(String name, String note) {
  /** In code points, as a person counts. */
  static final int MAX_NAME = 80;

  static final int MAX_NOTE = 2000;

  private static final String EXAMPLE = "known are name and note";

  /**
   * What a request asks for; a field that it leaves out, or that is null, stands for none given.
   *
   * @throws BadFields with every faulty field at once
   */
  static LabelRequest of(JsonObject request) throws BadFields {
    Map<String, String> errors = new TreeMap<>();
    for (String field : request.fieldNames()) {
      if (!field.equals("name") && !field.equals("note")) {
        errors.put(field, "is not a field here; " + EXAMPLE);
      }
    }
    if (request.isEmpty()) {
      errors.put("name", "is missing, and so is note; give one of them");
    }
    String name = text(request, "name", MAX_NAME, LabelRequest::breaksLine, errors);
    String note = text(request, "note", MAX_NOTE, LabelRequest::isControl, errors);
    if (!errors.isEmpty()) {
      throw new BadFields(errors);
    }
    return new LabelRequest(name, note);
  }

  private static String text(
      JsonObject request,
      String field,
      int most,
      IntPredicate forbidden,
      Map<String, String> errors) {
    if (!request.containsKey(field)) {
      return null;
    }
    Object value = request.getValue(field);
    if (value == null) {
      return "";
    }
    if (!(value instanceof String)) {
      errors.put(field, "must be a text of at most %,d characters".formatted(most));
      return null;
    }
    String text = Names.composed(((String) value).replaceAll("\\R", "\n").strip());
    int length = text.codePointCount(0, text.length());
    if (length > most) {
      errors.put(field, "must have at most %,d characters, not %,d".formatted(most, length));
    } else if (text.codePoints().anyMatch(forbidden)) {
      errors.put(
          field,
          field.equals("name")
              ? "must be one line, without control characters"
              : "must be plain text, without control characters");
    }
    return text;
  }

  private static boolean breaksLine(int character) {
    return isControl(character) || character == '\n' || character == '\t';
  }

  /** Half a surrogate pair is no character: it has no form in UTF-8. */
  private static boolean isControl(int character) {
    return Character.getType(character) == Character.SURROGATE
        || Character.isISOControl(character) && character != '\n' && character != '\t';
  }
}
