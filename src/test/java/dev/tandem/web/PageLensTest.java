package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The section that looks inside the layers. */
class PageLensTest extends PageFixture {
  private static final String TWO_LAYERS =
      "\"trainingExamples\":600,\"testExamples\":100,\"epochs\":4,\"hiddenLayers\":[16,8]";

  @Override
  String first() {
    return null;
  }

  private void look(String id, String more) {
    show("#run=" + id + more);
    page.waitForFunction("() => tandem.looks('batch') > 0");
    page.getByTestId("lens").scrollIntoViewIfNeeded();
  }

  private Locator layer(int number) {
    return page.getByTestId("lens-layer-" + number);
  }

  @Test
  void layers_areLookedInto_whileTheyLearn() {
    look(
        server
            .startRun(
                "{\"epochs\":1000,\"trainingExamples\":600,\"testExamples\":100,"
                    + "\"iterationsPerSecond\":50}")
            .getString("id"),
        "");
    int seen = 0;
    for (int i = 0; i < 3; i++) {
      page.waitForFunction(
          "least => ['none', 'batch'].every(variant => tandem.looks(variant) > least)", seen);
      seen = number("Math.max(tandem.looks('none'), tandem.looks('batch'))");
    }
    assertThat(layer(2)).containsText(Pattern.compile("64 units.*\\(−?[\\d.]+ to [\\d.]+\\)"));
    assertThat(page.getByTestId("lens-seen"))
        .containsText(
            Pattern.compile(
                "in layer \\d, which moved most, from iteration 1 to [\\d,]+\\. Without"));
    assertThat(page.getByTestId("lens-epoch-text")).containsText(Pattern.compile("epoch \\d"));
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
  }

  @Test
  void whatToSee_isChosen_explained_andKeptInTheAddress() {
    look(endedRun("{%s}".formatted(TWO_LAYERS)), "");
    page.getByTestId("lens-what").selectOption("dead");
    assertThat(page.getByTestId("lens-why")).containsText("off for the whole batch");
    assertThat(layer(1)).containsText(Pattern.compile("\\d%"));
    page.waitForURL(url -> url.contains("look=dead"));
    page.getByTestId("lens-what").selectOption("gap");
    assertThat(page.getByTestId("lens-seen"))
        .hasText(Pattern.compile(".*iteration 1 to 40\\. With BatchNorm: the gap of the means.*"));
    assertThat(layer(1).locator(".cell").first()).isHidden();
    page.reload();
    page.getByTestId("lens").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("lens-what")).hasValue("gap");
    for (String what : new String[] {"sum", "gradient", "update", "gamma", "beta", "input"}) {
      page.getByTestId("lens-what").selectOption(what);
      assertThat(layer(2).locator(".value.vermilion")).hasText(Pattern.compile(".*\\d.*"));
      assertThat(layer(2).locator("canvas")).isVisible();
    }
  }

  @Test
  void histograms_ofAnyEpoch_areShownForBothVariants() {
    look(endedRun("{%s}".formatted(TWO_LAYERS)), "");
    assertThat(page.getByTestId("lens-epoch-text")).hasText("after epoch 4");
    String[] last = outlines();
    page.getByTestId("lens-epoch").fill("1");
    assertThat(page.getByTestId("lens-epoch-text")).hasText("after epoch 1");
    String[] first = outlines();
    for (int variant = 0; variant < 2; variant++) {
      assertTrue(first[variant].startsWith("M0"), first[variant]);
      assertNotEquals(first[variant], last[variant]);
    }
    page.getByTestId("lens-epoch").fill("4");
    assertThat(layer(2).locator(".outline").first()).hasAttribute("d", last[0]);
  }

  private String[] outlines() {
    return layer(2).locator(".outline").all().stream()
        .map(path -> path.getAttribute("d"))
        .toArray(String[]::new);
  }

  @Test
  void cursor_onOtherCharts_readsTheLayersThere() {
    look(endedRun("{%s}".formatted(TWO_LAYERS)), "&look=update");
    // Both in view: what is out of sight is not drawn.
    page.setViewportSize(1280, 6000);
    Locator value = layer(1).locator(".value.blue");
    assertThat(value).hasText(Pattern.compile("[\\d.]+"));
    String atTheEnd = value.textContent();
    page.getByTestId("chart-loss").focus();
    page.keyboard().press("Home");
    assertThat(value).not().hasText(atTheEnd);
  }

  @Test
  void replay_showsWhatHadBeenSeenByThen() {
    String id = endedRun("{%s}".formatted(TWO_LAYERS));
    look(id, "&t=0");
    page.getByTestId("lens").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    assertThat(page.getByTestId("lens-seen")).isEmpty();
    page.getByTestId("replay-close").click();
    page.getByTestId("lens").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("lens-seen")).containsText("iteration 1 to 40");
  }

  @Test
  void repeats_areLookedIntoOneByOne() {
    look(endedRun("{%s,\"seed\":7,\"repeats\":2}".formatted(TWO_LAYERS)), "");
    Locator value = layer(1).locator(".value.vermilion");
    assertThat(value).hasText(Pattern.compile(".*to.*"));
    String first = value.textContent();
    page.getByTestId("lens-repeat").selectOption("Repeat 2, seed 8");
    assertThat(value).not().hasText(first);
  }

  @Test
  void runThatWasNotLookedInto_saysHowTo() {
    String id = endedRun("{%s,\"lens\":false}".formatted(TWO_LAYERS));
    show("#run=" + id);
    assertThat(page.getByTestId("lens-off")).containsText("Tick “Look inside”");
    assertThat(page.getByTestId("lens-what")).isHidden();
    assertEquals(0, number("tandem.looks('none')"));
  }

  @Test
  void looksAndHistograms_ofKnownNumbers() {
    Object answer =
        evaluatedAlone(
            """
            async () => {
              const of = await import('/run/layers.js');
              const { scaleOf } = await import('/view/lensscale.js');
              const lens = of.newLens();
              const layer = (more) => ({ inputMedian: 1, inputLow: -1, inputHigh: 2, gradientNorm: null, ...more });
              of.foldLayers(lens, { iteration: 1, layers: [layer({}), layer({ inputHigh: 30 })] });
              of.foldLayers(lens, { iteration: 4, layers: [layer({ inputLow: -5 }), layer({})] });
              of.foldLayers(lens, { iteration: 4, layers: [layer({ inputLow: -9 }), layer({})] });
              const edges = [-2, -1, 0, 1, 2];
              of.foldHistograms(lens, { epoch: 1, edges, counts: [[1, 0, 4, 4, 0, 1]] });
              const { within, below, above } = of.densities(edges, [1, 0, 4, 4, 0, 1], 1);
              return JSON.stringify([
                  lens.iteration.length, of.looksUpTo(lens, 3), of.valueAt(lens.layers[0], 'input', 1),
                  of.valueAt(lens.layers[0], 'gradient', 0).line, of.valueAt(lens.layers[0], 'gap', 0),
                  of.extentOf([lens], 'input'), scaleOf('input', 30).name, scaleOf('input', 6).name,
                  within, below, above, of.halfOf([lens])]);
            }""");
    assertEquals(
        "[2,1,{\"line\":1,\"low\":-5,\"high\":2,\"thin\":null},null,null,[-5,30],\"uneven\",\"signed\","
            + "[{\"from\":-1,\"to\":0,\"density\":0.4},{\"from\":0,\"to\":1,\"density\":0.4}],0.1,0.1,10]",
        answer);
  }
}
