package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of more iterations than a page holds: what is drawn of it. */
class PageLongRunTest extends PageFixture {
  @Override
  String first() {
    return null;
  }

  private static final String LONG =
      "{\"trainingExamples\":200,\"testExamples\":10,\"epochs\":600,\"batchSize\":2,"
          + "\"hiddenLayers\":[1],\"learningRate\":0.0001}";

  @Test
  void longRun_isDrawnWithinItsPixels_andInFullWhereOneLooksClosely() {
    String id = server.startRun(LONG).getString("id");
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    // Seen live it is all here; seen again it comes thinned.
    page.reload();
    page.waitForFunction("() => tandem.points('none') > 0 && tandem.drawn('none') > 0");
    int held = number("tandem.points('none')");
    int pixels = number("document.querySelector('#loss').clientWidth");
    assertTrue(held <= 20_000, held + " points held");
    assertTrue(number("tandem.drawn('none')") <= 2 * pixels);
    var half =
        new io.vertx.core.json.JsonObject(
                server.get("/api/runs/" + id + "/losses/none?from=1&to=30000").body())
            .getJsonArray("losses");
    int greatest = 0;
    for (int i = 1; i < half.size(); i++) {
      greatest = half.getDouble(i) > half.getDouble(greatest) ? i : greatest;
    }
    // Thinned or not, extremes are kept.
    assertEquals(
        half.getDouble(greatest),
        ((Number) page.evaluate("at => tandem.lossAt('none', at)", greatest + 1)).doubleValue());

    page.evaluate("tandem.zoom([40000, 40999])");
    page.waitForFunction("() => tandem.drawn('none') === 1000 && tandem.drawn('batch') === 1000");
    var stretch =
        new io.vertx.core.json.JsonObject(
            server.get("/api/runs/" + id + "/losses/none?from=40000&to=40999").body());
    assertEquals(1000, stretch.getJsonArray("losses").size());
    for (int at : List.of(40_000, 40_500, 40_999)) {
      double told = stretch.getJsonArray("losses").getDouble(at - 40_000);
      assertEquals(
          told, ((Number) page.evaluate("at => tandem.lossAt('none', at)", at)).doubleValue());
    }
    page.getByText("Show all").click();
    page.waitForFunction("pixels => tandem.drawn('none') <= 2 * pixels", pixels);

    // A stretch that is nearly all of it.
    page.evaluate("tandem.zoom([1, 49999])");
    page.waitForFunction("() => tandem.points('none') >= 49999");
  }

  @Test
  void stretch_isBounded_andAskedForInNumbers() {
    String id = endedRun();
    String path = "/api/runs/" + id + "/losses/";
    assertEquals(404, server.get(path + "nobody").statusCode());
    assertEquals(400, server.get(path + "none?from=0").statusCode());
    assertEquals(400, server.get(path + "none?from=1&to=60000").statusCode());
    assertEquals(400, server.get(path + "none?from=5&to=4").statusCode());
    assertTrue(server.get(path + "none?from=30&to=99").body().contains("\"from\":30,\"losses\":["));
    assertTrue(server.get(path + "none?from=31").body().contains("\"losses\":[]"));
  }
}
