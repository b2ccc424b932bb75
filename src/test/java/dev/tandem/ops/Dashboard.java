package dev.tandem.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One of Grafana's dashboards, as its file says. */
record Dashboard(String file, JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All dashboards of the repository. */
  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Repository.GRAFANA.resolve("dashboards"))) {
      return files
          .sorted()
          .map(file -> parse(file.getFileName().toString(), Repository.read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Dashboard parse(String file, String json) {
    try {
      return new Dashboard(file, MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(file + " is not JSON", e);
    }
  }

  /** All panels, those inside rows too, and the rows. */
  List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    collect(json.path("panels"), panels);
    return panels;
  }

  private static void collect(JsonNode from, List<JsonNode> into) {
    for (JsonNode panel : from) {
      into.add(panel);
      collect(panel.path("panels"), into);
    }
  }

  /** The panels that show something: no rows. */
  List<JsonNode> charts() {
    return panels().stream().filter(panel -> !panel.path("type").asText().equals("row")).toList();
  }

  /** Its variables, in the order in which one may use another. */
  List<JsonNode> variables() {
    return list(json.path("templating").path("list"));
  }

  List<JsonNode> annotations() {
    return list(json.path("annotations").path("list"));
  }

  /** The queries of panels and annotations, variables still in them. */
  List<Expression> expressions() {
    List<Expression> expressions = new ArrayList<>();
    for (JsonNode panel : charts()) {
      for (JsonNode target : panel.path("targets")) {
        expressions.add(
            new Expression(
                "%s, panel \"%s\", query %s"
                    .formatted(file, panel.path("title").asText(), target.path("refId").asText()),
                target.path("expr").asText(),
                target.path("instant").asBoolean(),
                panel.path("repeat").asText(null)));
      }
    }
    for (JsonNode annotation : annotations()) {
      expressions.add(
          new Expression(
              "%s, annotation \"%s\"".formatted(file, annotation.path("name").asText()),
              annotation.path("expr").asText(),
              false,
              null));
    }
    return expressions;
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> list = new ArrayList<>();
    array.forEach(list::add);
    return list;
  }

  /**
   * A PromQL query with Grafana's variables in it.
   *
   * @param where it stands, for people
   * @param instant asked for now alone, not over the time shown
   * @param repeat the variable for each of whose values it is asked, or null
   */
  record Expression(String where, String text, boolean instant, String repeat) {}
}
