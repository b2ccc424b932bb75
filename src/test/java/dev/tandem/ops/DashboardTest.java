package dev.tandem.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be told of the dashboards without a Grafana. */
class DashboardTest {
  private static final int COLUMNS = 24;

  static List<Dashboard> all() {
    return Dashboard.all();
  }

  @Test
  void dashboards_areRaceAndServer() {
    assertEquals(
        List.of("tandem-race", "tandem-server"),
        Dashboard.all().stream().map(board -> board.json().path("uid").asText()).toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void board_hasFixedIdentityAndLiveRange(Dashboard board) {
    assertFalse(board.json().path("description").asText().isBlank());
    assertTrue(board.json().path("id").isNull(), "an id belongs to one Grafana's database");
    assertTrue(board.json().path("refresh").asText().matches("[1-5]s"));
    assertTrue(board.json().path("time").path("from").asText().matches("now-(5|15)m"));
    assertEquals("datasource", board.variables().get(0).path("type").asText());
    board.variables().forEach(v -> assertFalse(v.path("label").asText().isBlank(), v::toString));
  }

  @ParameterizedTest
  @MethodSource("all")
  void panels_haveUniqueIdsAndTitles(Dashboard board) {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : board.panels()) {
      assertTrue(ids.add(panel.path("id").asInt()), panel::toString);
      assertTrue(titles.add(panel.path("title").asText()), panel::toString);
    }
    assertFalse(titles.contains(""));
  }

  @ParameterizedTest
  @MethodSource("all")
  void panels_explainThemselves(Dashboard board) {
    for (JsonNode panel : board.charts()) {
      String title = panel.path("title").asText();
      String description = panel.path("description").asText();
      assertTrue(description.length() > 25, title + ": " + description);
      assertTrue(description.endsWith("."), title + ": a description is made of sentences");
      assertFalse(
          panel.path("fieldConfig").path("defaults").path("unit").asText().isBlank(), title);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void panels_standBesideEachOther(Dashboard board) {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : board.panels()) {
      JsonNode at = panel.path("gridPos");
      int right = at.path("x").asInt() + at.path("w").asInt();
      assertTrue(at.path("w").asInt() > 0 && right <= COLUMNS, panel.path("title").asText());
      for (int x = at.path("x").asInt(); x < right; x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertTrue(taken.add(x + "," + y), panel.path("title").asText() + " covers another");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void queries_goThroughTheVariables(Dashboard board) {
    for (JsonNode panel : board.charts()) {
      assertThroughVariable(panel);
      assertFalse(panel.path("targets").isEmpty(), panel.path("title").asText());
      panel.path("targets").forEach(DashboardTest::assertThroughVariable);
    }
    board.annotations().forEach(DashboardTest::assertThroughVariable);
    board.variables().stream()
        .filter(variable -> variable.path("type").asText().equals("query"))
        .forEach(DashboardTest::assertThroughVariable);
  }

  private static void assertThroughVariable(JsonNode of) {
    assertEquals("prometheus", of.path("datasource").path("type").asText(), of::toString);
    assertEquals("${datasource}", of.path("datasource").path("uid").asText(), of::toString);
  }

  @ParameterizedTest
  @MethodSource("all")
  void rates_useGrafanasIntervals(Dashboard board) {
    for (Dashboard.Expression expression : board.expressions()) {
      String rest = expression.text().replace("[$__rate_interval]", "").replace("[$__range]", "");
      assertFalse(rest.contains("["), expression.where() + ": " + expression.text());
    }
  }

  @Test
  void variants_haveTheColoursOfThePage() {
    Dashboard race = all().get(0);
    for (JsonNode panel : race.charts()) {
      boolean byVariant =
          panel.path("targets").findValuesAsText("legendFormat").stream()
              .anyMatch(legend -> legend.startsWith("{{variant}}") && !legend.contains("−"));
      if (byVariant) {
        assertEquals("#0072B2", colour(panel, "/^none\\b/"), panel.path("title").asText());
        assertEquals("#D55E00", colour(panel, "/^batch\\b/"), panel.path("title").asText());
      }
    }
  }

  private static String colour(JsonNode panel, String regex) {
    for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
      if (override.path("matcher").path("options").asText().equals(regex)) {
        return override.path("properties").path(0).path("value").path("fixedColor").asText();
      }
    }
    return null;
  }
}
