package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The settings that a variant may change. */
record VariantSettings(
    @JsonUnwrapped NetworkSettings network,
    @JsonUnwrapped OptimizerSettings optimizer,
    int batchSize) {

  /** The same, but for some fields. */
  VariantSettings with(Map<String, Object> patch) {
    ObjectNode fields = fields();
    patch.forEach((field, value) -> fields.set(field, Json.tree(value)));
    return new VariantSettings(
        Json.part(fields, NetworkSettings.class),
        Json.part(fields, OptimizerSettings.class),
        fields.get("batchSize").intValue());
  }

  /** All of them by their names. */
  ObjectNode fields() {
    return (ObjectNode) Json.tree(this);
  }
}
