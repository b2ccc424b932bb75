package dev.tandem.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A validator's finding as a sentence that says what would be right, taken from the schema.
 *
 * @param field path of the faulty field, such as {@code variants[1].learningRate}
 */
record SchemaFault(String field, String message) {
  /** Say of a known field that something in it, or the field itself, was found wrong already. */
  private static final Set<String> REPEATING =
      Set.of("properties", "items", "additionalProperties");

  /** Empty for findings that only repeat, at an object or array, that something in it is wrong. */
  static Optional<SchemaFault> of(JsonObject schema, JsonObject request, OutputUnit finding) {
    List<String> path = steps(finding.getInstanceLocation());
    String keyword = last(steps(finding.getKeywordLocation()));
    JsonObject expected = schemaAt(schema, path);
    Object value = RunRequest.at(request, path);
    if (expected == null) {
      JsonObject parent = schemaAt(schema, path.subList(0, Math.max(0, path.size() - 1)));
      return path.isEmpty() || parent == null
          ? Optional.empty()
          : Optional.of(new SchemaFault(name(path), unknown(parent)));
    }
    if (keyword.equals("required")) {
      return missing(path, expected, value);
    }
    if (REPEATING.contains(keyword)) {
      return Optional.empty();
    }
    return Optional.of(new SchemaFault(name(path), "must be " + wanted(expected) + not(value)));
  }

  private static Optional<SchemaFault> missing(
      List<String> path, JsonObject expected, Object value) {
    return expected.getJsonArray("required").stream()
        .map(String::valueOf)
        .filter(field -> value instanceof JsonObject object && !object.containsKey(field))
        .findFirst()
        .map(
            field ->
                new SchemaFault(
                    name(path) + "." + field,
                    "is missing; it must be "
                        + wanted(expected.getJsonObject("properties").getJsonObject(field))));
  }

  private static String unknown(JsonObject parent) {
    return "is not a field here; known are "
        + String.join(", ", parent.getJsonObject("properties").fieldNames());
  }

  /** What a schema asks for, in words. */
  private static String wanted(JsonObject schema) {
    if (schema.containsKey("enum")) {
      return oneOf(schema.getJsonArray("enum").stream().map(SchemaFault::quoted).toList());
    }
    switch (schema.getString("type")) {
      case "integer":
        return "a whole number from %,d to %,d"
            .formatted(schema.getLong("minimum"), schema.getLong("maximum"));
      case "number":
        return "a number " + from(schema) + upTo(schema);
      case "boolean":
        return "true or false";
      case "array":
        return "a list of %d to %d entries"
            .formatted(schema.getInteger("minItems"), schema.getInteger("maxItems"));
      case "string":
        return "a text of %d to %d letters, digits, signs and spaces that neither begins nor ends with a space, nor begins with = + - @, which spreadsheets take for a formula"
            .formatted(schema.getInteger("minLength"), schema.getInteger("maxLength"));
      default:
        return "an object";
    }
  }

  private static String oneOf(List<String> values) {
    if (values.isEmpty()) {
      return "one of those that there are, and there are none";
    }
    int last = values.size() - 1;
    return last == 0
        ? values.get(0)
        : String.join(", ", values.subList(0, last)) + " or " + values.get(last);
  }

  private static String from(JsonObject schema) {
    return schema.containsKey("minimum")
        ? "from " + schema.getValue("minimum")
        : "above " + schema.getValue("exclusiveMinimum");
  }

  private static String upTo(JsonObject schema) {
    if (schema.containsKey("exclusiveMaximum")) {
      return " to less than " + schema.getValue("exclusiveMaximum");
    }
    return schema.containsKey("minimum")
        ? " to %,d".formatted(schema.getLong("maximum"))
        : " and at most " + schema.getValue("maximum");
  }

  private static String not(Object value) {
    if (value instanceof JsonArray array) {
      return ", not one of " + array.size();
    }
    return value instanceof JsonObject ? ", not an object" : ", not " + quoted(value);
  }

  private static String quoted(Object value) {
    String text = String.valueOf(value);
    String cut = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return value instanceof String ? '"' + cut + '"' : cut;
  }

  private static JsonObject schemaAt(JsonObject schema, List<String> path) {
    JsonObject at = schema;
    for (String step : path) {
      if (at == null) {
        return null;
      }
      at =
          at.containsKey("items")
              ? at.getJsonObject("items")
              : at.getJsonObject("properties", new JsonObject()).getJsonObject(step);
    }
    return at;
  }

  /** {@code #/variants/1/name} → variants, 1, name; {@code #/} → the field without a name. */
  private static List<String> steps(String pointer) {
    String path = pointer.substring(pointer.indexOf('#') + 1);
    return path.isEmpty()
        ? List.of()
        : Arrays.stream(path.substring(1).split("/", -1))
            .map(SchemaFault::decoded)
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList();
  }

  /** As far as it can be: of control characters the validator writes one digit where two belong. */
  private static String decoded(String step) {
    try {
      return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return step;
    }
  }

  private static String last(List<String> steps) {
    return steps.isEmpty() ? "" : steps.get(steps.size() - 1);
  }

  /** variants, 1, name → {@code variants[1].name}. */
  private static String name(List<String> path) {
    StringBuilder name = new StringBuilder();
    for (String step : path) {
      if (step.matches("\\d+") && !name.isEmpty()) {
        name.append('[').append(step).append(']');
      } else {
        name.append(name.isEmpty() ? "" : ".").append(step);
      }
    }
    return name.toString();
  }
}
