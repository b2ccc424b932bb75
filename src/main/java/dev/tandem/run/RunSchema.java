package dev.tandem.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of what one asks for to have a run: each field's bounds, title and default. */
public final class RunSchema {
  private static final byte[] TEXT = read();
  private static final ObjectNode DEFAULTS = defaults(Json.read(TEXT, JsonNode.class));

  private RunSchema() {}

  /** The schema itself. */
  public static String text() {
    return new String(TEXT, StandardCharsets.UTF_8);
  }

  /** What fields are that aren't said; those that have no default are not among them. */
  public static ObjectNode defaults() {
    return DEFAULTS.deepCopy();
  }

  private static ObjectNode defaults(JsonNode schema) {
    ObjectNode defaults = Json.object();
    schema
        .get("properties")
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().has("default")) {
                defaults.set(field.getKey(), field.getValue().get("default"));
              }
            });
    return defaults;
  }

  private static byte[] read() {
    try (InputStream in = RunSchema.class.getResourceAsStream("run-request.schema.json")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
