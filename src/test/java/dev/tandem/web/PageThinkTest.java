package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.options.BoundingBox;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Asking the networks on the page: a drawing, test digits, confusion matrices; the test in train
 * mode.
 */
class PageThinkTest extends PageFixture {
  private static final Pattern DIGIT = Pattern.compile("\\d");

  @Override
  String first() {
    return null;
  }

  @Test
  void drawing_isAnsweredByBothNetworks_andCleared() {
    look(endedRun());
    // A test digit is there from the start, so that there is something to see.
    assertThat(page.getByTestId("on-pad")).hasText("Test digit 1, a 7");
    assertThat(page.getByTestId("said-none")).hasText(DIGIT);
    draw(new double[][] {{0.5, 0.15}, {0.5, 0.85}});
    assertThat(page.getByTestId("on-pad")).hasText("Your drawing");
    for (String variant : new String[] {"none", "batch"}) {
      assertThat(page.getByTestId("said-" + variant)).hasText(DIGIT);
      assertThat(page.getByTestId("asked-" + variant)).hasText("after iteration 30");
    }
    page.getByTestId("clear-pad").click();
    assertThat(page.getByTestId("said-none")).hasText("–");
    assertThat(page.getByTestId("asked-none"))
        .hasText("Draw a digit, or choose one with the arrows.");
  }

  @Test
  void testDigits_areChosenFromTheKeyboard_andSpoken() {
    look(endedRun());
    Locator pad = page.getByTestId("pad");
    assertThat(page.getByTestId("on-pad")).hasText("Test digit 1, a 7");
    pad.focus();
    page.keyboard().press("ArrowRight");
    assertThat(pad)
        .hasAttribute(
            "aria-valuetext",
            Pattern.compile(
                "Test digit 2, a 2\\. Without BatchNorm: \\d, .*%\\. With BatchNorm: \\d, .*%\\."));
    page.keyboard().press("End");
    assertThat(page.getByTestId("on-pad")).hasText(Pattern.compile("Test digit 100, a \\d"));
    page.keyboard().press("Delete");
    assertThat(pad).hasAttribute("aria-valuetext", "Nothing yet.");
    page.getByTestId("next-digit").click();
    assertThat(page.getByTestId("on-pad")).hasText("Test digit 1, a 7");
  }

  @Test
  void runInTraining_answersAnew_asItGoesOn() {
    String id =
        server
            .startRun(
                "{\"epochs\":1000,\"hiddenLayers\":[16],\"testExamples\":100,"
                    + "\"trainingExamples\":600,\"iterationsPerSecond\":50}")
            .getString("id");
    look(id);
    assertThat(page.getByTestId("asked-none")).hasText(Pattern.compile("after iteration [\\d,]+"));
    // What has appeared above it meanwhile has moved it; only what is in sight is asked again.
    page.getByTestId("asked-none").scrollIntoViewIfNeeded();
    String before = page.getByTestId("asked-none").textContent();
    assertThat(page.getByTestId("asked-none")).not().hasText(before);
    assertThat(page.getByTestId("wrong-summary"))
        .hasText(Pattern.compile(".*epoch \\d+.* of 100 test digits.*"));
    page.getByTestId("wrong-summary").scrollIntoViewIfNeeded();
    String earlier = page.getByTestId("wrong-summary").textContent();
    assertThat(page.getByTestId("wrong-summary")).not().hasText(earlier);
    server.post("/api/runs/" + id + "/cancel", "");
    assertThat(page.getByTestId("asked-none"))
        .hasText("This training did not complete, and only one that does leaves its network.");
    // What it said of the test digits last stays.
    assertThat(page.getByTestId("wrong-summary")).containsText("of 100 test digits");
  }

  @Test
  void wrongDigits_areShown_andGoOntoThePad() {
    look(endedRun());
    assertThat(page.getByTestId("wrong-summary"))
        .hasText(
            Pattern.compile(
                "After epoch 3: of 100 test digits, \\d+ are wrong only without BatchNorm, \\d+ only"
                    + " with BatchNorm, \\d+ in both; \\d+ are right in both\\."));
    Locator thumb = page.getByTestId("wrong-none").locator(".thumb").first();
    assertThat(thumb)
        .hasAttribute(
            "aria-label",
            Pattern.compile("Test digit \\d+, a \\d: without BatchNorm \\d, with BatchNorm \\d.*"));
    thumb.focus();
    page.keyboard().press("Enter");
    int index = Integer.parseInt(thumb.getAttribute("value"));
    assertThat(page.getByTestId("on-pad"))
        .hasText(Pattern.compile("Test digit " + (index + 1) + ", a \\d"));
  }

  @Test
  void confusionMatrices_countEveryTestDigit_andShowMistakesAlone() {
    look(endedRun());
    for (String variant : new String[] {"none", "batch"}) {
      Locator matrix = page.getByTestId("confusion-" + variant);
      assertThat(matrix).containsText("of 100 wrong");
      assertEquals(
          100,
          ((Number)
                  matrix.evaluate(
                      "m => [...m.querySelectorAll('tbody td')].reduce((s, c) => s + Number(c.textContent), 0)"))
              .intValue());
    }
    String faded =
        "m => [...m.querySelectorAll('td.diagonal')]"
            + ".every(cell => cell.style.getPropertyValue('--heat') === '0.0%')";
    assertEquals(false, page.getByTestId("confusion-none").evaluate(faded));
    page.getByTestId("mistakes").click();
    assertThat(page.getByTestId("mistakes")).hasAttribute("aria-pressed", "true");
    assertEquals(true, page.getByTestId("confusion-none").evaluate(faded));
  }

  @Test
  void twoOfThree_andTheRepeat_areChosen() {
    look(
        endedRun(
            """
            {"trainingExamples":600,"testExamples":100,"epochs":2,"hiddenLayers":[16],"repeats":2,
             "variants":[{"normalization":"none"},{"normalization":"batch"},
              {"normalization":"batch","name":"faster","learningRate":0.01}]}"""));
    assertThat(page.getByTestId("said-none")).hasText(DIGIT);
    page.getByTestId("think-pair").selectOption("1-2");
    assertThat(page.getByTestId("said-faster")).hasText(DIGIT);
    assertThat(page.getByTestId("said-none")).hasCount(0);
    assertThat(page.getByTestId("wrong-summary")).containsText("only for “faster”");
    page.getByTestId("think-repeat").selectOption("2");
    assertThat(page.getByTestId("said-faster")).hasText(DIGIT);
    assertThat(page.getByTestId("confusion-faster")).containsText("of 100 wrong");
  }

  @Test
  void trainModeTest_isATwinLine_andAColumn() {
    String id =
        endedRun(
            "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":3,\"hiddenLayers\":[16],"
                + "\"batchSize\":4,\"trainModeTest\":true}");
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("twin-note"))
        .hasText(
            Pattern.compile(
                "Dotted: tested in train mode.*With BatchNorm, after epoch 3: .*% in train mode,"
                    + " .*% in eval mode\\."));
    page.getByText("Results by epoch").click();
    assertThat(page.locator("#table thead"))
        .hasText(Pattern.compile(".*With BatchNorm test accuracy in train mode.*"));
    assertThat(page.locator("#table tbody tr").last().locator("td")).hasCount(7);
    assertThat(page.locator("#table tbody tr").last().locator("td").last())
        .hasText(Pattern.compile("\\d+\\.\\d%"));
    Object label =
        page.evaluate(
            """
            async (id) => {
              const { newState, fold } = await import('/run/state.js');
              const { twins } = await import('/chart/trainmode.js');
              const { Axis } = await import('/run/axis.js');
              const run = await (await fetch(`/api/runs/${id}`)).json();
              const state = newState(run);
              fold(state, await (await fetch(`/api/runs/${id}/events`)).json());
              return JSON.stringify(twins(state, new Axis(state)).map(({ index, xs, ys }) => [index, xs, ys.every((y) => y > 0 && y <= 1)]));
            }""",
            id);
    assertEquals("[[1,[150,300,450],true]]", label);
  }

  @Test
  void drawing_isCentredAndScaled_asMnistIs() {
    Object answer =
        evaluatedAlone(
            """
            async () => {
              const { centred } = await import('/think/images.js');
              const ink = new Float32Array(280 * 280);
              // A bar of 16 × 100 in a corner, heavier at its top by a second bar beside it.
              for (let y = 5; y < 105; y++) for (let x = 200; x < (y < 25 ? 232 : 216); x++) ink[y * 280 + x] = 1;
              const image = centred(ink, 280);
              let [mass, mx, my, top, bottom] = [0, 0, 0, 28, -1];
              image.forEach((value, k) => {
                const [x, y] = [k % 28, Math.floor(k / 28)];
                mass += value; mx += value * (x + 0.5); my += value * (y + 0.5);
                if (value > 100) { top = Math.min(top, y); bottom = Math.max(bottom, y); }
              });
              return JSON.stringify([Math.round(mx / mass), Math.round(my / mass), bottom - top + 1,
                  Math.max(...image), centred(new Float32Array(100), 10)]);
            }""");
    assertEquals("[14,14,20,255,null]", answer);
  }

  /** Opens a run with its section in sight. */
  private void look(String id) {
    show("#run=" + id);
    page.getByTestId("think").scrollIntoViewIfNeeded();
  }

  /** Draws one stroke, its points as shares of the square. */
  private void draw(double[][] points) {
    // Not only into view: the bars at the top would lie over it.
    page.getByTestId("pad").evaluate("pad => pad.scrollIntoView({ block: 'center' })");
    BoundingBox box = page.getByTestId("pad").boundingBox();
    page.mouse().move(box.x + points[0][0] * box.width, box.y + points[0][1] * box.height);
    page.mouse().down();
    for (double[] point : points) {
      page.mouse()
          .move(
              box.x + point[0] * box.width,
              box.y + point[1] * box.height,
              new Mouse.MoveOptions().setSteps(5));
    }
    page.mouse().up();
  }
}
