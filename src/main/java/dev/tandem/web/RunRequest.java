package dev.tandem.web;

import dev.tandem.run.DatasetInfo;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a request's JSON to a run's settings, by the schema that the page's form is drawn from, on a
 * server that has certain datasets.
 */
final class RunRequest {
  private static final Pattern OF_VARIANT = Pattern.compile("variants\\[(\\d+)]\\.([^.\\[]+)");

  private static final JsonObject GENERAL = new JsonObject(RunSchema.text());

  private final List<DatasetInfo> datasets;
  private final JsonObject schema;
  private final Validator validator;

  /**
   * @param datasets all that there are, those with a fault too
   */
  RunRequest(List<DatasetInfo> datasets) {
    this.datasets = datasets;
    schema = GENERAL.copy();
    JsonArray names = new JsonArray();
    datasets.stream().filter(DatasetInfo::works).map(DatasetInfo::name).forEach(names::add);
    property("dataset").put("enum", names);
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

  /** The part of the schema that is the same whatever datasets there are. */
  static JsonObject general(String field) {
    return GENERAL.getJsonObject("properties").getJsonObject(field);
  }

  /** Whether it is for these datasets. */
  boolean isFor(List<DatasetInfo> others) {
    return datasets.equals(others);
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
    OfDataset of = new OfDataset(datasets, request.getValue("dataset", DatasetInfo.MNIST));
    of.unusable().ifPresent(fault -> errors.put("dataset", fault));
    if (!errors.isEmpty()) {
      rulesBetweenSoundFields(request, of, errors);
      throw new BadFields(errors);
    }
    RunSettings settings = read(withDefaults(request, of));
    Map<String, String> faults = of.faults(request);
    settings.faults().forEach(faults::putIfAbsent);
    if (!faults.isEmpty()) {
      throw new BadFields(faults);
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
  private void rulesBetweenSoundFields(
      JsonObject request, OfDataset of, Map<String, String> errors) {
    JsonObject sound = new JsonObject();
    for (String field : schema.getJsonObject("properties").fieldNames()) {
      if (request.containsKey(field)) {
        sound.put(field, request.getValue(field));
      }
    }
    errors.keySet().forEach(faulty -> remove(faulty, sound));
    Map<String, String> faults = of.faults(sound);
    read(withDefaults(sound, of)).faults().forEach(faults::putIfAbsent);
    faults.forEach(
        (field, message) -> {
          if (sound.containsKey(rootOf(field))) {
            errors.putIfAbsent(field, message);
          }
        });
  }

  /** Takes a faulty field out: that of a variant alone, or the whole. */
  private static void remove(String faulty, JsonObject from) {
    Matcher ofVariant = OF_VARIANT.matcher(faulty);
    if (ofVariant.lookingAt() && from.getValue("variants") instanceof JsonArray variants) {
      variants.getJsonObject(Integer.parseInt(ofVariant.group(1))).remove(ofVariant.group(2));
    } else {
      from.remove(rootOf(faulty));
    }
  }

  private JsonObject withDefaults(JsonObject request, OfDataset of) {
    JsonObject filled = new JsonObject(Json.text(RunSchema.defaults()));
    for (String field : schema.getJsonObject("properties").fieldNames()) {
      of.usual(field).ifPresent(value -> filled.put(field, value));
    }
    return filled.mergeIn(request);
  }

  private JsonObject property(String field) {
    return schema.getJsonObject("properties").getJsonObject(field);
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
