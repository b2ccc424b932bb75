package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the networks that a run compares: what differs from the run's settings in it.
 *
 * @param name unique in its run; null until {@link RunSettings} gives it one
 * @param patch settings in place of the run's, by their names in JSON and in the schema's order;
 *     numbers are {@code Integer} or {@code Double}, as the schema has them
 */
public record Variant(
    @JsonInclude(JsonInclude.Include.NON_NULL) String name,
    @JsonAnyGetter Map<String, Object> patch) {
  private static final String NAME = "name";

  /**
   * @throws IllegalArgumentException if a field is none that a variant may change
   */
  public Variant {
    patch = patchOf((ObjectNode) Json.tree(patch));
  }

  /** One that differs in its normalization. */
  public static Variant of(Normalization normalization) {
    return new Variant(null, Map.of("normalization", normalization));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Variant read(Map<String, Object> said) {
    Map<String, Object> patch = new LinkedHashMap<>(said);
    return new Variant((String) patch.remove(NAME), patch);
  }

  /** The same under a name. */
  Variant named(String other) {
    return new Variant(other, patch);
  }

  /** Fields that a variant may change, in order. */
  static Map<String, Object> patchOf(ObjectNode fields) {
    Map<String, Object> known = new LinkedHashMap<>();
    RunSchema.variantFields()
        .forEach(
            (field, schema) -> {
              if (fields.has(field)) {
                known.put(field, value(fields.get(field), schema));
              }
            });
    if (known.size() < fields.size()) {
      throw new IllegalArgumentException(
          "of %s a variant can change %s only".formatted(fields, known.keySet()));
    }
    return Collections.unmodifiableMap(known);
  }

  private static Object value(JsonNode value, JsonNode schema) {
    switch (schema.get("type").textValue()) {
      case "number":
        return value.doubleValue();
      case "integer":
        return value.intValue();
      case "array":
        return Collections.unmodifiableList(Json.integers(value));
      default:
        return value.textValue();
    }
  }
}
