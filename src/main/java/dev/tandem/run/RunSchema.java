package dev.tandem.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The JSON Schema of what one asks for to have a run: each field's bounds, title and default. What
 * {@code x-variant} marks is a field of each variant too; {@code x-applies} says with which values
 * of others a field makes a difference.
 */
public final class RunSchema {
  private static final String MARK = "x-variant";
  private static final String CONDITION = "x-applies";
  private static final JsonNode SCHEMA = read();
  private static final ObjectNode DEFAULTS = readDefaults();
  private static final Map<String, JsonNode> VARIANT_FIELDS = copyForVariants();
  private static final List<String> CONDITIONAL_FIELDS = readConditionalFields();

  private RunSchema() {}

  /** The schema itself. */
  public static String text() {
    return SCHEMA.toString();
  }

  /** What fields are that aren't said; those that have no default are not among them. */
  public static ObjectNode defaults() {
    return DEFAULTS.deepCopy();
  }

  /** What a variant may change: by its name, in order, the schema of each field. */
  static Map<String, JsonNode> variantFields() {
    return VARIANT_FIELDS;
  }

  /** The fields that make no difference with some values of others. */
  static List<String> conditionalFields() {
    return CONDITIONAL_FIELDS;
  }

  /**
   * Whether a field makes a difference.
   *
   * @param settings all of one variant
   */
  static boolean applies(String field, ObjectNode settings) {
    for (Map.Entry<String, JsonNode> condition : condition(field).properties()) {
      if (!Json.strings(condition.getValue())
          .contains(settings.path(condition.getKey()).asText())) {
        return false;
      }
    }
    return true;
  }

  /** The values of other fields with which a field makes a difference, in words. */
  static String where(String field) {
    return condition(field).properties().stream()
        .map(
            condition ->
                "the %s is %s"
                    .formatted(
                        SCHEMA
                            .at("/properties/" + condition.getKey() + "/title")
                            .asText()
                            .toLowerCase(Locale.ROOT),
                        String.join(" or ", Json.strings(condition.getValue()))))
        .collect(Collectors.joining(" and "));
  }

  private static JsonNode condition(String field) {
    return SCHEMA.at("/properties/" + field + "/" + CONDITION);
  }

  private static List<String> readConditionalFields() {
    return SCHEMA.get("properties").properties().stream()
        .filter(field -> field.getValue().has(CONDITION))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, JsonNode> copyForVariants() {
    ObjectNode ofVariant = (ObjectNode) SCHEMA.at("/properties/variants/items/properties");
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : SCHEMA.get("properties").properties()) {
      if (field.getValue().path(MARK).booleanValue()) {
        ObjectNode copy = field.getValue().deepCopy();
        copy.remove(List.of(MARK, "x-primary", "x-hidden", "default"));
        copy.put("description", "In place of the run's, for this variant alone.");
        ofVariant.set(field.getKey(), copy);
        fields.put(field.getKey(), copy);
      }
    }
    return Collections.unmodifiableMap(fields);
  }

  private static ObjectNode readDefaults() {
    ObjectNode defaults = Json.object();
    for (Map.Entry<String, JsonNode> field : SCHEMA.get("properties").properties()) {
      if (field.getValue().has("default")) {
        defaults.set(field.getKey(), field.getValue().get("default"));
      }
    }
    return defaults;
  }

  private static JsonNode read() {
    try (InputStream in = RunSchema.class.getResourceAsStream("run-request.schema.json")) {
      return Json.read(in.readAllBytes(), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
