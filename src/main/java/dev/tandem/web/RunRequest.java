package dev.tandem.web;

import dev.tandem.run.Json;
import dev.tandem.run.RunSchema;
import dev.tandem.run.RunSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Map;
import java.util.TreeMap;

/** From a request's JSON to a run's settings, by the schema that the page's form is drawn from. */
final class RunRequest {
  private final JsonObject schema;
  private final Validator validator;

  RunRequest() {
    schema = new JsonObject(RunSchema.text());
    validator =
        Validator.create(
            JsonSchema.of(schema),
            new JsonSchemaOptions()
                .setDraft(Draft.DRAFT202012)
                .setBaseUri("https://tandem.dev")
                .setOutputFormat(OutputFormat.Basic));
  }

  /** The JSON Schema, as the API gives it out. */
  JsonObject schema() {
    return schema;
  }

  /**
   * The settings that a request asks for, its defaults filled in.
   *
   * @throws BadFields with every faulty field at once
   */
  RunSettings settings(JsonObject asked) throws BadFields {
    JsonObject request = named(asked);
    Map<String, String> errors = new TreeMap<>();
    OutputUnit result = validator.validate(request);
    if (!result.getValid()) {
      for (OutputUnit error : result.getErrors()) {
        SchemaFault.of(schema, request, error)
            .ifPresent(fault -> errors.putIfAbsent(fault.field(), fault.message()));
      }
    }
    if (!errors.isEmpty()) {
      rulesBetweenSoundFields(request, errors);
      throw new BadFields(errors);
    }
    RunSettings settings = read(withDefaults(request));
    if (!settings.faults().isEmpty()) {
      throw new BadFields(settings.faults());
    }
    return settings;
  }

  /** The request with its variants' names {@linkplain Names#composed composed}. */
  private static JsonObject named(JsonObject asked) {
    JsonObject request = asked.copy();
    if (request.getValue("variants") instanceof JsonArray variants) {
      for (Object variant : variants) {
        if (variant instanceof JsonObject of && of.getValue("name") instanceof String name) {
          of.put("name", Names.composed(name));
        }
      }
    }
    return request;
  }

  /**
   * Adds what is wrong between fields, as far as those are sound: the faulty ones are taken at
   * their defaults, and what is said of them is not repeated.
   */
  private void rulesBetweenSoundFields(JsonObject request, Map<String, String> errors) {
    JsonObject sound = new JsonObject();
    for (String field : schema.getJsonObject("properties").fieldNames()) {
      boolean faulty = errors.keySet().stream().anyMatch(error -> field.equals(rootOf(error)));
      if (request.containsKey(field) && !faulty) {
        sound.put(field, request.getValue(field));
      }
    }
    read(withDefaults(sound))
        .faults()
        .forEach(
            (field, message) -> {
              if (sound.containsKey(rootOf(field))) {
                errors.putIfAbsent(field, message);
              }
            });
  }

  private static JsonObject withDefaults(JsonObject request) {
    return new JsonObject(Json.text(RunSchema.defaults())).mergeIn(request);
  }

  private static RunSettings read(JsonObject filled) {
    return Json.read(filled.toBuffer().getBytes(), RunSettings.class);
  }

  private static String rootOf(String field) {
    return field.split("[.\\[]", 2)[0];
  }

  /** The value at a path of names and indexes, or null. */
  static Object at(Object root, Iterable<String> path) {
    Object value = root;
    for (String step : path) {
      if (value instanceof JsonObject object) {
        value = object.getValue(step);
      } else if (value instanceof JsonArray array && step.matches("\\d+")) {
        int index = Integer.parseInt(step);
        value = index < array.size() ? array.getValue(index) : null;
      } else {
        return null;
      }
    }
    return value;
  }
}
