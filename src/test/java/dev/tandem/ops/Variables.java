package dev.tandem.ops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dashboard's variables with their default values, put into queries as Grafana does. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+)}|\\$(\\w+)");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((.+),\\s*(\\w+)\\s*\\)", Pattern.DOTALL);

  /** With a scrape interval of 1 s: four of them. */
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "__interval", "1s",
          "__rate_interval", "4s",
          "__range", "60s",
          "__range_s", "60");

  private final Map<String, String> values = new HashMap<>(BUILT_IN);
  private final Map<String, List<String>> options = new LinkedHashMap<>();

  /** Asks Prometheus for the choices, and takes what Grafana would take for a new visitor. */
  static Variables defaults(Dashboard dashboard, Prometheus prometheus) throws Exception {
    Variables variables = new Variables();
    for (JsonNode variable : dashboard.variables()) {
      if (variable.path("type").asText().equals("datasource")) {
        variables.values.put(variable.path("name").asText(), "tandem-prometheus");
      } else {
        variables.add(dashboard, variable, prometheus);
      }
    }
    return variables;
  }

  private void add(Dashboard dashboard, JsonNode variable, Prometheus prometheus) throws Exception {
    String name = variable.path("name").asText();
    String query = put(variable.path("query").path("query").asText());
    Matcher matcher = LABEL_VALUES.matcher(query);
    if (!matcher.matches()) {
      throw new AssertionError("%s, variable %s: %s".formatted(dashboard.file(), name, query));
    }
    List<String> found =
        prometheus.labelValues(matcher.group(1), matcher.group(2)).stream()
            .sorted(
                variable.path("sort").asInt() == 2
                    ? Comparator.<String>reverseOrder()
                    : Comparator.<String>naturalOrder())
            .toList();
    options.put(name, found);
    if (found.isEmpty()) {
      return;
    }
    boolean all = variable.path("current").toString().contains("$__all");
    if (!all) {
      values.put(name, found.get(0));
    } else if (variable.has("allValue")) {
      values.put(name, variable.path("allValue").asText());
    } else {
      values.put(name, "(" + String.join("|", found) + ")");
    }
  }

  /** The choices of each variable that is asked of Prometheus. */
  Map<String, List<String>> options() {
    return options;
  }

  /** The queries that a dashboard's expression becomes: one, or one a value if it repeats. */
  List<String> queries(Dashboard.Expression expression) {
    if (expression.repeat() == null) {
      return List.of(put(expression.text()));
    }
    return options.get(expression.repeat()).stream()
        .map(
            value ->
                put(
                    expression
                        .text()
                        .replace("${" + expression.repeat() + "}", value)
                        .replace("$" + expression.repeat(), value)))
        .toList();
  }

  private String put(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            reference -> {
              String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
              if (!values.containsKey(name)) {
                throw new AssertionError("no value for $" + name + " in: " + text);
              }
              return Matcher.quoteReplacement(values.get(name));
            });
  }
}
