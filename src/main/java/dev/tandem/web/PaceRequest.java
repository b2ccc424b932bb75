package dev.tandem.web;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * Another pace for a run.
 *
 * @param iterationsPerSecond null for as fast as it goes
 */
record PaceRequest(Double iterationsPerSecond) {
  static final String FIELD = "iterationsPerSecond";

  /**
   * @param schema of the field in a run's settings: the same bounds hold
   * @throws BadFields with every faulty field at once
   */
  static PaceRequest of(JsonObject request, JsonObject schema) throws BadFields {
    Map<String, String> errors = new TreeMap<>();
    for (String field : request.fieldNames()) {
      if (!field.equals(FIELD)) {
        errors.put(field, "is not a field here; known is " + FIELD);
      }
    }
    double least = schema.getDouble("minimum");
    double most = schema.getDouble("maximum");
    Object value = request.getValue(FIELD);
    boolean sound =
        request.containsKey(FIELD)
            && (value == null
                || value instanceof Number number
                    && number.doubleValue() >= least
                    && number.doubleValue() <= most);
    if (!sound) {
      errors.put(
          FIELD,
          "must be a number from %s to %,d, or null for as fast as it goes"
              .formatted(least, (long) most));
    }
    if (!errors.isEmpty()) {
      throw new BadFields(errors);
    }
    return new PaceRequest(value == null ? null : ((Number) value).doubleValue());
  }
}
